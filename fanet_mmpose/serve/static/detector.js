// BlazeFace's short-range network on the whole picture, as fanet_mmpose/inference/detectors/
// blaze_faces.py reads it: faces as a square round their 68 points, a roll and a score.

import { apply, invert, mean, rollOf, sample, scaleOf, shrink, turn } from './geometry.js';

const SAME = 0.3; // overlap from which two anchors see one face
const LEAST_SIDE = 4; // px of the network's input; less is no face
const [RIGHT_EYE, LEFT_EYE, MOUTH] = [0, 1, 3];

/** From the picture to a square of `side` px with all of it in its middle. */
function squareView({ width, height }, side) {
  const scale = side / Math.max(width, height);
  const shift = (length) => (side - 1) / 2 - (scale * (length - 1)) / 2;
  return [scale, 0, shift(width), 0, scale, shift(height)];
}

/** What the network sees: blue first, averaged down in halves before it is sampled. */
function look(picture, view, side) {
  let [small, factor] = [picture, 1];
  while (1 / scaleOf(view) >= 4 * factor) {
    factor *= 2;
    const halved = [picture.width, picture.height].map((n) => Math.max(1, Math.round(n / factor)));
    small = shrink(small, ...halved);
  }
  const [sx, sy] = [picture.width / small.width, picture.height / small.height];
  const [a, b, , c, d] = view;
  const [tx, ty] = apply(view, [(sx - 1) / 2, (sy - 1) / 2]);
  return sample(small, [a * sx, b * sy, tx, c * sx, d * sy, ty], side, true);
}

/** Middles of the anchors, px, in the order of the network's outputs. */
function anchorCenters({ side, maps }) {
  const centers = [];
  for (const [stride, count] of maps)
    for (let row = 0; row < side / stride; row++)
      for (let column = 0; column < side / stride; column++)
        for (let k = 0; k < count; k++) centers.push([(column + 0.5) * stride, (row + 0.5) * stride]);
  return centers;
}

function decode(values, logits, anchors, minScore) {
  const least = Math.log(minScore / (1 - minScore));
  return anchors.flatMap(([x, y], i) => {
    if (logits[i] < least) return [];
    const at = (k) => values[16 * i + k];
    const place = (k) => [at(k) + x - 0.5, at(k + 1) + y - 0.5];
    const points = [4, 6, 8, 10, 12, 14].map(place);
    const face = { center: place(0), side: (at(2) + at(3)) / 2, points };
    return [{ ...face, score: 1 / (1 + Math.exp(-logits[i])) }];
  });
}

function overlap(one, other) {
  const reach = [0, 1].map((k) => {
    const away = Math.abs(one.center[k] - other.center[k]);
    return Math.max(0, Math.min((one.side + other.side) / 2 - away, one.side, other.side));
  });
  const shared = reach[0] * reach[1];
  return shared / (one.side ** 2 + other.side ** 2 - shared);
}

/** One entry for each face: the mean over its anchors by their scores, the best one's score. */
function merge(raw) {
  let left = raw.filter((face) => face.side >= LEAST_SIDE).sort((a, b) => b.score - a.score);
  const faces = [];
  while (left.length) {
    const [first] = left;
    const group = left.filter((face) => overlap(first, face) >= SAME);
    left = left.filter((face) => overlap(first, face) < SAME);
    const total = group.reduce((sum, face) => sum + face.score, 0);
    const weighted = (read) => group.reduce((sum, f) => sum + (f.score / total) * read(f), 0);
    faces.push({
      center: [0, 1].map((k) => weighted((f) => f.center[k])),
      side: weighted((f) => f.side),
      points: first.points.map((_, i) => [0, 1].map((k) => weighted((f) => f.points[i][k]))),
      score: first.score,
    });
  }
  return faces;
}

/** The square round the 68 points, in pixels of the picture. */
function toFace({ center, side, points, score }, view, mapping) {
  const eyes = [points[LEFT_EYE], points[RIGHT_EYE]];
  const middle = mean(eyes);
  const across = [0, 1].map((k) => eyes[0][k] - eyes[1][k]);
  const roll = rollOf(across, [0, 1].map((k) => points[MOUTH][k] - middle[k]));
  const cues = points.flatMap((p) => turn([(p[0] - center[0]) / side, (p[1] - center[1]) / side], -roll));
  const [x, y, scale] = [0, 1, 2].map((k) =>
    [1, ...cues].reduce((sum, cue, i) => sum + cue * mapping[i][k], 0),
  );
  const [dx, dy] = turn([x, y], roll);
  const [cx, cy] = apply(invert(view), [center[0] + side * dx, center[1] + side * dy]);
  const half = (side * scale) / scaleOf(view) / 2;
  return { box: [cx - half, cy - half, cx + half, cy + half], roll, score };
}

/** A function from a picture to its faces; `run` is the network on a square of pixels. */
export function makeDetector(run, { layout, mapping, minScore }) {
  const anchors = anchorCenters(layout);
  return async (picture) => {
    const view = squareView(picture, layout.side);
    const { regressors, logits } = await run(look(picture, view, layout.side), layout.side);
    return merge(decode(regressors, logits, anchors, minScore)).map((f) => toFace(f, view, mapping));
  };
}
