// Openness of eyes and mouth, and the aligned crop, as fanet_mmpose/applications has them.

import { crop, mean } from './geometry.js';

/** {eyes: {right, left}, mouth}, each {value, sigma}, of a face whose pose is known. */
export function openness(face, pose, { openings, fits, hiddenFactor, mean: head }) {
  const sigmas = face.scales.map((scale, i) => Math.SQRT2 * scale * (face.visibility[i] < 0.5 ? hiddenFactor : 1));
  const one = (name, fit) => {
    const [ratio, sigma] = gap(face.points, sigmas, pose, openings[name], head);
    const value = Math.max(0, fit.slope * ratio + fit.shift);
    return { value, sigma: Math.hypot(fit.floor, fit.slope * fit.factor * sigma) };
  };
  return {
    eyes: { right: one('right', fits.eyes), left: one('left', fits.eyes) },
    mouth: one('mouth', fits.mouth),
  };
}

/** Height of a gap along the head's vertical axis over its width on the head, and its deviation. */
function gap(points, sigmas, { rotation, scale }, { upper, lower, corners }, head) {
  const length = Math.hypot(rotation[0][1], rotation[1][1]);
  const down = [rotation[0][1] / length, rotation[1][1] / length];
  const [first, last] = corners.map((i) => head[i]);
  const width = scale * Math.hypot(...first.map((value, k) => last[k] - value));
  const along = (i) => points[i][0] * down[0] + points[i][1] * down[1];
  const height = upper.reduce((sum, i, k) => sum + along(lower[k]) - along(i), 0) / upper.length;
  const spread = Math.hypot(...[...upper, ...lower].map((i) => sigmas[i])) / upper.length;
  return [height / width, spread / width];
}

/** The crop of face-recognition networks as ImageData; `template` are five points of it. */
export function alignedCrop(picture, points, { groups, template, size }) {
  const five = groups.map((group) => mean(group.map((i) => points[i])));
  const pixels = crop(picture, similarity(five, template), size);
  const out = new ImageData(size, size);
  for (let i = 0; i < size * size; i++) out.data.set([...pixels.subarray(3 * i, 3 * i + 3), 255], 4 * i);
  return out;
}

/** The matrix that lays points on others with the least squared distance: turn, size, shift. */
function similarity(source, target) {
  const [middle, goal] = [mean(source), mean(target)];
  let [along, across, power] = [0, 0, 0];
  source.forEach((point, i) => {
    const [u, v] = [point[0] - middle[0], point[1] - middle[1]];
    const [x, y] = [target[i][0] - goal[0], target[i][1] - goal[1]];
    along += u * x + v * y;
    across += u * y - v * x;
    power += u * u + v * v;
  });
  const [a, b] = [along / power, across / power];
  return [a, -b, goal[0] - a * middle[0] + b * middle[1], b, a, goal[1] - b * middle[0] - a * middle[1]];
}
