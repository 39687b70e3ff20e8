"""Points of an exported file under another runtime, beside ONNX Runtime's.

`... reference fanet_lite_300w --out reference.npz`, in this package's environment: crops of the
public-domain photograph and of 20 drawn faces, and what ONNX Runtime finds on them.
`... openvino FILE reference.npz --out runtimes.json`, or `mnn`, `ncnn`: in an environment that has
the runtime and NumPy; adds an entry to the JSON file.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import numpy as np

NAMES = ('keypoints', 'scores', 'visibility', 'scales')
DRAWN, SEED = 20, 92
Run = Callable[[np.ndarray], dict[str, np.ndarray]]  # uint8 [1, 3, H, W] -> outputs by name


def write_reference(name: str, out: Path) -> None:
    """Crops uint8 [21, 3, H, W] and ONNX Runtime's outputs."""
    import cv2

    from fanet_mmpose.deploy.runtime import OnnxModel
    from fanet_mmpose.inference.landmarker import FaceLandmarker
    from fanet_mmpose.synthetic.renderer import render_face
    from fanet_mmpose.weights import find
    from projects.release.int8 import to_crops

    model = OnnxModel(find(name), threads=1)
    photograph = Path(__file__).parents[3] / 'demo' / 'astronaut.jpg'
    (face,) = FaceLandmarker(name)(photograph)
    drawn = (render_face((SEED, index), 224) for index in range(DRAWN))
    faces = [(cv2.imread(str(photograph)), face.convert('68').points)]
    faces += [(one.image, one.points.to_schema('300w68')[0]) for one in drawn]
    crops = to_crops(model, iter(faces))
    found = model(crops)
    outputs = {name: getattr(found, name) for name in NAMES}
    np.savez(out, crops=np.ascontiguousarray(crops.transpose(0, 3, 1, 2)), **outputs)


def openvino(path: Path) -> Run:
    """An .onnx or .xml file."""
    import openvino as ov

    model = ov.Core().compile_model(str(path), 'CPU', {'INFERENCE_PRECISION_HINT': 'f32'})
    return lambda crop: dict(zip(NAMES, model([crop]).values(), strict=True))


def mnn(path: Path) -> Run:
    """An .mnn file of MNNConvert."""
    import MNN

    net = MNN.nn.load_module_from_file(str(path), ['image'], list(NAMES))

    def run(crop: np.ndarray) -> dict[str, np.ndarray]:
        image = MNN.expr.const(crop, crop.shape, MNN.expr.NCHW, MNN.expr.uint8)
        outputs = net.forward([image])
        return {name: np.array(one.read()) for name, one in zip(NAMES, outputs, strict=True)}

    return run


def ncnn(path: Path) -> Run:
    """A .param file, its .bin beside it."""
    import ncnn as runtime

    net = runtime.Net()
    if net.load_param(str(path)) or net.load_model(str(path.with_suffix('.bin'))):
        raise SystemExit(f'error: {path}: NCNN cannot load it')

    def run(crop: np.ndarray) -> dict[str, np.ndarray]:
        with net.create_extractor() as extractor:
            extractor.input('in0', runtime.Mat(crop[0].astype(np.float32)))
            found = [np.array(extractor.extract(f'out{k}')[1]) for k in range(len(NAMES))]
        return {name: one[None] for name, one in zip(NAMES, found, strict=True)}

    return run


RUNTIMES = {'openvino': openvino, 'mnn': mnn, 'ncnn': ncnn}


def compare(run: Run, reference: Path) -> dict[str, float]:
    """Largest differences over the photograph and the drawn faces, px of the crop."""
    with np.load(reference) as arrays:
        expected = dict(arrays)
    found = [run(crop[None]) for crop in expected['crops']]
    off = {
        name: [float(np.abs(one[name].reshape(true.shape) - true).max())
               for one, true in zip(found, expected[name], strict=True)]
        for name in NAMES
    }  # fmt: skip
    largest = {
        'photograph_points_px': off['keypoints'][0],
        'drawn_points_px': max(off['keypoints'][1:]),
        **{name: max(off[name]) for name in NAMES[1:]},
    }
    return {
        'drawn_faces': len(found) - 1,
        **{name: float(f'{value:.2g}') for name, value in largest.items()},
    }


def main() -> None:
    """Write the reference, or compare with it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('runtime', choices=['reference', *RUNTIMES])
    parser.add_argument('model', help='shipped name (reference), or converted file')
    parser.add_argument('reference', type=Path, nargs='?', default=Path('reference.npz'))
    parser.add_argument('--out', type=Path, required=True)
    args = parser.parse_args()
    if args.runtime == 'reference':
        write_reference(args.model, args.out)
        return
    entry = compare(RUNTIMES[args.runtime](Path(args.model)), args.reference)
    report = json.loads(args.out.read_text()) if args.out.is_file() else {}
    report[args.runtime] = {'version': version(args.runtime), **entry}
    args.out.write_text(json.dumps(report, indent=1) + '\n')
    print(args.runtime, report[args.runtime])


if __name__ == '__main__':
    main()
