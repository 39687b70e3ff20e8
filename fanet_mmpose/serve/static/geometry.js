// Crops and angles, as fanet_mmpose/geometry has them. Pixel centres lie at integers, the first at
// 0; a picture is {data: Uint8ClampedArray in RGBA, width, height}; a matrix is
// [a, b, tx, c, d, ty] and maps (x, y) to (a x + b y + tx, c x + d y + ty).

const radians = (degrees) => (degrees * Math.PI) / 180;

/** A point through a matrix. */
export function apply(m, [x, y]) {
  return [m[0] * x + m[1] * y + m[2], m[3] * x + m[4] * y + m[5]];
}

/** The inverse of a matrix. */
export function invert([a, b, tx, c, d, ty]) {
  const det = a * d - b * c;
  const [ia, ib, ic, id] = [d / det, -b / det, -c / det, a / det];
  return [ia, ib, -(ia * tx + ib * ty), ic, id, -(ic * tx + id * ty)];
}

/** How much a matrix enlarges. */
export const scaleOf = (m) => Math.hypot(m[0], m[3]);

/** A point turned clockwise round the origin, degrees. */
export function turn([x, y], angle) {
  const [c, s] = [Math.cos(radians(angle)), Math.sin(radians(angle))];
  return [c * x - s * y, s * x + c * y];
}

/** From the picture to a crop of side `size` that shows `box` (x1, y1, x2, y2), turned by `roll`. */
export function cropMatrix([x1, y1, x2, y2], size, padding, roll) {
  const scale = size / (padding * Math.max(x2 - x1, y2 - y1, 1e-6));
  const [c, s] = [scale * Math.cos(radians(roll)), scale * Math.sin(radians(roll))];
  const [x, y] = [(x1 + x2) / 2, (y1 + y2) / 2];
  return [c, s, size / 2 - c * x - s * y, -s, c, size / 2 + s * x - c * y];
}

/** Degrees by which a face is turned, from the vectors along its eyes and from eyes to mouth. */
export function rollOf(across, down) {
  return (Math.atan2(across[1] - down[0], across[0] + down[1]) * 180) / Math.PI;
}

/** Mean of some points. */
export function mean(points) {
  const sum = points.reduce(([a, b], [x, y]) => [a + x, b + y], [0, 0]);
  return sum.map((value) => value / points.length);
}

/** The box that is tight round points once it is turned by `roll` about its middle. */
export function turnedBox(points, roll) {
  const upright = points.map((point) => turn(point, -roll));
  const [xs, ys] = [upright.map((p) => p[0]), upright.map((p) => p[1])];
  const low = [Math.min(...xs), Math.min(...ys)];
  const high = [Math.max(...xs), Math.max(...ys)];
  const [x, y] = turn([(low[0] + high[0]) / 2, (low[1] + high[1]) / 2], roll);
  const [w, h] = [(high[0] - low[0]) / 2, (high[1] - low[1]) / 2];
  return [x - w, y - h, x + w, y + h];
}

/** Bilinear samples through `matrix` (picture to sample): Uint8Array [size, size, 3]; black outside. */
export function sample(picture, matrix, size, bgr = false) {
  const { data, width, height } = picture;
  const [a, b, tx, c, d, ty] = invert(matrix);
  const out = new Uint8Array(size * size * 3);
  const order = bgr ? [2, 1, 0] : [0, 1, 2];
  for (let row = 0, at = 0; row < size; row++) {
    for (let column = 0; column < size; column++, at += 3) {
      const [x, y] = [a * column + b * row + tx, c * column + d * row + ty];
      const [x0, y0] = [Math.floor(x), Math.floor(y)];
      if (x0 < -1 || y0 < -1 || x0 >= width || y0 >= height) continue;
      const [fx, fy] = [x - x0, y - y0];
      for (let corner = 0; corner < 4; corner++) {
        const [cx, cy] = [x0 + (corner & 1), y0 + (corner >> 1)];
        if (cx < 0 || cy < 0 || cx >= width || cy >= height) continue;
        const weight = (corner & 1 ? fx : 1 - fx) * (corner >> 1 ? fy : 1 - fy);
        const from = 4 * (cy * width + cx);
        for (let k = 0; k < 3; k++) sums[k] += weight * data[from + order[k]];
      }
      for (let k = 0; k < 3; k++) {
        out[at + k] = Math.round(sums[k]);
        sums[k] = 0;
      }
    }
  }
  return out;
}
const sums = [0, 0, 0];

/** Means over the areas that the pixels of a smaller picture cover. */
export function shrink({ data, width, height }, newWidth, newHeight) {
  const across = resample(data, width, height, newWidth, 4, 4 * width, 4);
  const down = resample(across, height, newWidth, newHeight, 4 * newWidth, 4, 4 * newWidth);
  return { data: Uint8ClampedArray.from(down), width: newWidth, height: newHeight };
}

/** Area means along one axis; `lines` lines of `length` pixels, `step` apart, become `count` long. */
function resample(data, length, lines, count, step, lineStep, outStep) {
  const ratio = length / count;
  const alongRows = step === 4;
  const out = new Float32Array(4 * count * lines);
  for (let i = 0; i < count; i++) {
    const [from, to] = [i * ratio, (i + 1) * ratio];
    for (let p = Math.floor(from); p < Math.min(Math.ceil(to - 1e-9), length); p++) {
      const share = (Math.min(to, p + 1) - Math.max(from, p)) / ratio;
      for (let line = 0; line < lines; line++) {
        const source = p * step + line * lineStep;
        const target = alongRows ? 4 * (line * count + i) : i * outStep + 4 * line;
        for (let k = 0; k < 4; k++) out[target + k] += share * data[source + k];
      }
    }
  }
  return out;
}

/** `sample`, with a picture that is much larger averaged down first, so that no pixel is skipped. */
export function crop(picture, matrix, size) {
  const factor = Math.floor(1 / scaleOf(matrix) / 2);
  if (1 / scaleOf(matrix) < SHRINK_FROM) return sample(picture, matrix, size);
  const ends = [[-1, -1], [size, -1], [size, size], [-1, size]].map((p) => apply(invert(matrix), p));
  const limits = [picture.width, picture.height];
  const clip = (value, axis) => Math.min(Math.max(value, 0), limits[axis]);
  const low = [0, 1].map((k) => clip(Math.floor(Math.min(...ends.map((p) => p[k]))) - factor, k));
  const high = [0, 1].map((k) => clip(Math.ceil(Math.max(...ends.map((p) => p[k]))) + factor, k));
  const count = [0, 1].map((k) => Math.floor((high[k] - low[k]) / factor));
  if (count[0] < 1 || count[1] < 1) return new Uint8Array(size * size * 3);
  const part = shrink(cut(picture, low, [count[0] * factor, count[1] * factor]), ...count);
  const [a, b, , c, d] = matrix;
  const [tx, ty] = apply(matrix, [low[0] + (factor - 1) / 2, low[1] + (factor - 1) / 2]);
  return sample(part, [a * factor, b * factor, tx, c * factor, d * factor, ty], size);
}
const SHRINK_FROM = 4;

function cut({ data, width }, [left, top], [newWidth, newHeight]) {
  const out = new Uint8ClampedArray(4 * newWidth * newHeight);
  for (let row = 0; row < newHeight; row++) {
    const start = 4 * ((top + row) * width + left);
    out.set(data.subarray(start, start + 4 * newWidth), 4 * row * newWidth);
  }
  return { data: out, width: newWidth, height: newHeight };
}
