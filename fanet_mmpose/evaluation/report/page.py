"""The report as one self-contained HTML page, with its figures as PNG files beside it."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Sequence
from pathlib import Path
from string import Template

import numpy as np
from matplotlib.figure import Figure

from fanet_mmpose.errors import UserError
from fanet_mmpose.evaluation.report import figures, tables
from fanet_mmpose.evaluation.report.scored import ScoredModel, score_model
from fanet_mmpose.evaluation.report.worst_faces import WorstFace, worst_faces
from fanet_mmpose.evaluation.results import Results
from fanet_mmpose.files import write_text
from fanet_mmpose.geometry.nme import NORMALIZER_TITLES

_PAGE = Template("""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>$title</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { font: 15px/1.5 system-ui, sans-serif; color: #222; max-width: 1180px; margin: 2em auto;
  padding: 0 1em }
h1 { font-size: 1.6em } h2 { font-size: 1.25em; margin: 2em 0 .3em;
  border-bottom: 1px solid #ddd }
p.note { color: #555; margin: .3em 0 .8em; max-width: 60em }
div.wide { overflow-x: auto }
table { border-collapse: collapse; font-size: 13px; font-variant-numeric: tabular-nums }
th, td { padding: .3em .7em; text-align: right; border-bottom: 1px solid #eee;
  vertical-align: bottom }
td { white-space: nowrap } th:first-child, td:first-child { text-align: left }
img { max-width: 100% } div.row { display: flex; flex-wrap: wrap; gap: 1em }
div.row > img { max-width: 48% }
figure { margin: 0; width: 180px; font-size: 11px; color: #444; overflow-wrap: anywhere }
figure img { display: block; width: 180px; height: 180px }
.truth { color: #2f9e22 } .prediction { color: #e0331f }
</style></head><body>
<h1>$title</h1>
$sections
</body></html>
""")


def write_report(
    results: Sequence[Results],
    folder: str | Path,
    normalizer: str = 'inter_ocular',
    image_root: str | Path = '.',
) -> Path:
    """Write ``report.html`` and its PNG figures into `folder`; returns the page's path.

    Args:
        results: one or several models' predictions; the first is the one others are compared to.
        folder: made if need be.
        normalizer: one of `NORMALIZERS`.
        image_root: folder that relative image paths start from.

    Raises:
        UserError: nothing to report, different point sets, or the normaliser is not defined for
            the data.
    """
    if not results:
        raise UserError('the report needs at least one results file')
    schemas = sorted({each.schema.name for each in results})
    if len(schemas) > 1:
        raise UserError(
            f'one report cannot mix the point sets {", ".join(schemas)}; make one for each'
        )
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    names = _unique_names([each.model for each in results])
    models = [
        score_model(each, normalizer, name) for each, name in zip(results, names, strict=True)
    ]
    sections = [
        *_score_sections(models, normalizer, folder),
        *_point_sections(models, normalizer, folder),
        *_confidence_sections(models, normalizer, folder),
        *(_worst_section(model, Path(image_root)) for model in models),
    ]
    datasets = ', '.join(dict.fromkeys(each.dataset for each in results))
    title = html.escape(f'Facial landmarks: {", ".join(names)} on {datasets}')
    page = folder / 'report.html'
    write_text(page, _PAGE.substitute(title=title, sections='\n'.join(sections)))
    return page


def _unique_names(names: Sequence[str]) -> list[str]:
    repeated = len(set(names)) < len(names)
    return [f'{name} #{i}' if repeated else name for i, name in enumerate(names, 1)]


def _score_sections(models: Sequence[ScoredModel], normalizer: str, folder: Path) -> list[str]:
    note = (
        f'Mean over faces of the mean error of their points, by {NORMALIZER_TITLES[normalizer]}. '
        'FR: faces above 7, 8, 10 %; AUC: area under the curve below up to there. In brackets: '
        '95 % bootstrap intervals. Differences are paired: the same faces are drawn for both.'
    )
    ced = figures.ced_figure(models, normalizer)
    slices = figures.slices_figure(models, normalizer)
    return [
        _section('Scores', note, tables.main_table(models)),
        _section('Protocol', 'Numbers with different lines here do not compare.',
                 tables.protocol_table(models)),
        _section('Cumulative error', '', _png(ced, folder / 'ced.png')),
        _section('By face size and head pose',
                 'Roll and yaw are read off the annotated points; yaw is rough.',
                 _png(slices, folder / 'slices.png'), tables.slice_table(models)),
        _section('Subsets', '', tables.subset_table(models)),
        _section('Other normalisers', 'NME in %.',
                 tables.group_table(models, 'nme_by_normalizer')),
    ]  # fmt: skip


def _point_sections(models: Sequence[ScoredModel], normalizer: str, folder: Path) -> list[str]:
    errors = np.concatenate([np.array(model.summary['points'], float) for model in models])
    top = float(np.nanmax(errors)) if np.isfinite(errors).any() else 1.0
    faces = [
        _png(
            figures.mean_face_figure(model, normalizer, top),
            folder / f'mean_face_{index}.png',
            model.name,
        )
        for index, model in enumerate(models, 1)
    ]
    return [
        _section('Parts', 'NME in %.', tables.group_table(models, 'parts')),
        _section('Points', 'On the mean of the annotated faces.',
                 f'<div class="row">{"".join(faces)}</div>'),
        _section('Visible and occluded points', 'NME in %.',
                 tables.group_table(models, 'visibility')),
    ]  # fmt: skip


def _confidence_sections(models: Sequence[ScoredModel], normalizer: str, folder: Path) -> list[str]:
    named = [(model.name, model.calibration) for model in models]
    figure = figures.calibration_figure(named, normalizer)
    picture = '' if figure is None else _png(figure, folder / 'calibration.png')
    note = (
        'Whether a low score or a large predicted scale announces a large error. '
        'The most confident points are those with the highest scores.'
    )
    return [_section('Confidence', note, tables.confidence_table(models), picture)]


def _worst_section(model: ScoredModel, root: Path) -> str:
    faces = ''.join(_worst_figure(face) for face in worst_faces(model, root))
    note = (
        'The largest errors first. <span class="truth">Green: truth</span>, '
        '<span class="prediction">red: prediction</span>.'
    )
    title = f'Worst faces of {html.escape(model.name)}'
    return _section(title, note, f'<div class="row">{faces}</div>')


def _worst_figure(face: WorstFace) -> str:
    error = f'{face.nme:.1f} %' if np.isfinite(face.nme) else 'not found'
    caption = html.escape(f'{error} · {Path(face.image).name or "id " + face.id}')
    place = html.escape(f'{face.image} id {face.id}')
    return (
        f'<figure title="{place}"><img alt="{caption}" '
        f'src="data:image/jpeg;base64,{_base64(face.jpeg)}">{caption}</figure>'
    )


def _section(title: str, note: str, *contents: str) -> str:
    """A titled part of the page; nothing at all where there are no contents."""
    if not any(contents):
        return ''
    body = ''.join(f'<div class="wide">{content}</div>' for content in contents if content)
    return f'<h2>{title}</h2>\n' + (f'<p class="note">{note}</p>\n' if note else '') + body


def _png(figure: Figure, path: Path, text: str = '') -> str:
    stream = io.BytesIO()
    figure.savefig(stream, format='png', dpi=120)
    path.write_bytes(stream.getvalue())
    alternative = html.escape(text or path.stem)
    return f'<img alt="{alternative}" src="data:image/png;base64,{_base64(stream.getvalue())}">'


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode('ascii')
