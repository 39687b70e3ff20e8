"""Package FANet: pure Python, importing neither torch nor MMPose at build time."""

import json
import os
import re
import shutil
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
# MMEngine and MIM look for them in .mim.
CARRIED = ('configs', 'demo', 'tools', 'model-index.yml', 'dataset-index.yml')
DATA = ['startup.pth', '*/*.json', '**/*.npz', '**/*.y*ml', 'datasets/*/*.txt', 'serve/page.*']
FILES = json.loads((ROOT / 'fanet_mmpose/weights/manifest.json').read_text())['files']
DATA += ['serve/static/*', *(f'weights/{x["path"]}' for x in FILES if x['in_wheel'])]


def requirements(name: str) -> list[str]:
    lines = (ROOT / 'requirements' / f'{name}.txt').read_text().splitlines()
    return [line for line in (raw.split('#')[0].strip() for raw in lines) if line]


class BuildWithMim(build_py):
    """Every kind of install runs `build_py`, so every kind gets `.mim` and the start-up hook."""

    def run(self) -> None:
        super().run()
        mim = (ROOT if self.editable_mode else Path(self.build_lib)) / 'fanet_mmpose' / '.mim'
        shutil.rmtree(mim, ignore_errors=True)
        mim.mkdir(parents=True)
        for name in CARRIED:
            if self.editable_mode:
                (mim / name).symlink_to(os.path.relpath(ROOT / name, mim))
            elif (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, mim / name, ignore=shutil.ignore_patterns('__py*'))
            else:
                shutil.copy(ROOT / name, mim / name)
        hook, site = (ROOT / 'fanet_mmpose/startup.pth').read_text(), self.build_lib
        if self.editable_mode:  # a checkout has projects/, too
            hook, site = f'{ROOT}\n{hook}', self.get_finalized_command('install').install_lib
        (Path(site) / 'fanet_mmpose.pth').write_text(hook)


setup(
    name='fanet_mmpose',
    version=re.search(r"__version__ = '(.+)'", (ROOT / 'fanet_mmpose/__init__.py').read_text())[1],
    description='FANet: facial landmarks for MMPose',
    long_description=(ROOT / 'README.md').read_text(),
    long_description_content_type='text/markdown',
    author='The FANet maintainers',
    license='Apache-2.0',
    python_requires='>=3.10',
    packages=find_packages(include=['fanet_mmpose', 'fanet_mmpose.*']),
    package_data={'fanet_mmpose': DATA},
    install_requires=requirements('core'),
    extras_require={x: requirements(x) for x in ('corpus', 'demo', 'export', 'hub', 'ray', 'test')},
    entry_points={'console_scripts': ['fanet = fanet_mmpose.cli:main']},
    cmdclass={'build_py': BuildWithMim},
)
