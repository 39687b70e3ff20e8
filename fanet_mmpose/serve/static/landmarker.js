// From boxes to landmarks, as fanet_mmpose/inference/landmarker.py does it: a crop, a second one
// where the first was not good, other angles where the points are very unsure.

import { apply, crop, cropMatrix, invert, mean, rollOf, scaleOf, turnedBox } from './geometry.js';

/**
 * Faces are {box, roll, points [K][2] px, scales [K] px, visibility [K], unsure}; `unsure` is the
 * mean log of the scales over the box's side.
 */
export class Landmarker {
  constructor(run, detect, options) {
    Object.assign(this, { run, detect, options });
  }

  /** The faces of a picture; with the faces of the frame before, these are followed. */
  async find(picture, before = []) {
    const boxes = before.length ? before.map((face) => this.around(face)) : await this.detect(picture);
    const faces = [];
    for (const place of boxes) faces.push(await this.one(picture, place, before.length > 0));
    const { limit } = this.options;
    const kept = faces.filter((face) => face.unsure <= limit && !covers(faces, face));
    return before.length && kept.length < before.length ? this.find(picture) : kept;
  }

  async one(picture, place, followed) {
    let face = await this.look(picture, place);
    if (followed) return face;
    if (face.unsure > this.options.lost)
      for (const angle of this.options.angles) {
        const other = await this.look(picture, { ...place, roll: place.roll + angle });
        if (other.unsure < face.unsure) face = other;
      }
    return this.wasWrong(face) ? this.look(picture, this.around(face)) : face;
  }

  async look(picture, { box, roll }) {
    const { size, padding } = this.options;
    const matrix = cropMatrix(box, size, padding, roll);
    const { keypoints, scales, visibility } = await this.run(crop(picture, matrix, size), size);
    const back = invert(matrix);
    const points = [...scales.keys()].map((i) => apply(back, [keypoints[2 * i], keypoints[2 * i + 1]]));
    const inPicture = Array.from(scales, (scale) => scale * scaleOf(back));
    const logs = inPicture.map((scale) => Math.log(Math.max(scale, 1e-9) / longer(box)));
    const unsure = logs.reduce((sum, value) => sum + value, 0) / logs.length;
    return { box, roll, points, scales: inPicture, visibility: calibrated(visibility, this.options.visibility), unsure };
  }

  /** The box round a face's points, turned with them. */
  around({ points }) {
    const { eyes, mouth } = this.options;
    const [left, right] = eyes.map((group) => mean(group.map((i) => points[i])));
    const middle = mean([left, right]);
    const down = mean(mouth.map((i) => points[i])).map((value, k) => value - middle[k]);
    const roll = rollOf([right[0] - left[0], right[1] - left[1]], down);
    return { box: turnedBox(points, roll), roll };
  }

  wasWrong(face) {
    const { again, moved, turned } = this.options;
    const { box, roll } = this.around(face);
    const side = longer(box);
    const off = [0, 1].map((k) => Math.abs(box[k] + box[k + 2] - face.box[k] - face.box[k + 2]) / 2);
    const angle = Math.abs(((((roll - face.roll + 180) % 360) + 360) % 360) - 180);
    const larger = Math.abs(Math.log(Math.max(side, 1e-6) / Math.max(longer(face.box), 1e-6)));
    return face.unsure > again || Math.max(...off) > moved * side || larger > moved || angle > turned;
  }
}

/** Chances after the logistic line [slope, shift] of the model, as inference/visibility.py does it. */
function calibrated(chances, line) {
  if (!line) return [...chances];
  return Array.from(chances, (chance) => {
    const kept = Math.min(Math.max(chance, 1e-4), 1 - 1e-4);
    return 1 / (1 + Math.exp(-(line[0] * Math.log(kept / (1 - kept)) + line[1])));
  });
}

const longer = ([x1, y1, x2, y2]) => Math.max(x2 - x1, y2 - y1, 1e-6);

/** Whether a face with more certain points lies on this one: followed faces may run together. */
function covers(faces, face) {
  const [x, y] = mean(face.points);
  return faces.some((other) => {
    if (other === face || other.unsure >= face.unsure) return false;
    const [ox, oy] = mean(other.points);
    return Math.hypot(ox - x, oy - y) < 0.3 * longer(other.box);
  });
}
