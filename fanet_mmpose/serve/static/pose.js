// How a head is turned: the rotation whose parallel projection of a mean head fits the points best.
// fanet_mmpose.applications.pose has perspective, shapes of heads and standard deviations.

/** Solve A x = b for a symmetric positive 4×4 matrix. */
function solve(a, b) {
  const rows = a.map((row, i) => [...row, b[i]]);
  for (let i = 0; i < 4; i++) {
    for (let j = i + 1; j < 4; j++) {
      const share = rows[j][i] / rows[i][i];
      for (let k = i; k < 5; k++) rows[j][k] -= share * rows[i][k];
    }
  }
  const x = [0, 0, 0, 0];
  for (let i = 3; i >= 0; i--) {
    const known = x.reduce((sum, value, k) => sum + (k > i ? rows[i][k] * value : 0), 0);
    x[i] = (rows[i][4] - known) / rows[i][i];
  }
  return x;
}

/**
 * Of the points [68][2] with scales [68] px: `angles` yaw, pitch, roll in degrees
 * (docs/applications.md), `rotation` [3][3] and `scale`, px for a mm of the head.
 */
export function headPose(points, scales, { rigid, mean }) {
  const sums = [[], [], [], []].map(() => [0, 0, 0, 0]);
  const sides = [0, 1].map(() => [0, 0, 0, 0]);
  for (const i of rigid) {
    const weight = 1 / scales[i] ** 2;
    const place = [...mean[i], 1];
    for (let r = 0; r < 4; r++) {
      for (let c = 0; c < 4; c++) sums[r][c] += weight * place[r] * place[c];
      for (const k of [0, 1]) sides[k][r] += weight * place[r] * points[i][k];
    }
  }
  const [first, second] = sides.map((side) => solve(sums, side).slice(0, 3));
  const rotation = nearestRotation(first, second);
  const scale = (Math.hypot(...first) + Math.hypot(...second)) / 2;
  return { angles: toAngles(rotation), rotation, scale };
}

/** The ends [3][2] px of the head's x, y and outward axes, which begin at a point. */
export function axisEnds([x, y], { rotation, scale }, length = 60) {
  const ends = [[1, 0, 0], [0, 1, 0], [0, 0, -1]];
  const along = (end, row) => scale * length * end.reduce((sum, value, k) => sum + value * rotation[row][k], 0);
  return ends.map((end) => [x + along(end, 0), y + along(end, 1)]);
}

/** Rows of the rotation nearest to two rows that are nearly orthogonal and of one length. */
function nearestRotation(first, second) {
  const unit = (v) => v.map((value) => value / Math.hypot(...v));
  const [a, b] = [unit(first), unit(second)];
  const [sum, difference] = [unit(a.map((v, i) => v + b[i])), unit(a.map((v, i) => v - b[i]))];
  const half = Math.SQRT1_2;
  const x = sum.map((v, i) => half * (v + difference[i]));
  const y = sum.map((v, i) => half * (v - difference[i]));
  const z = [x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0]];
  return [x, y, z];
}

/** As fanet_mmpose.applications.angles: z of the matrix points away from the camera. */
function toAngles([x, y, z]) {
  const degrees = (value) => (value * 180) / Math.PI;
  return {
    yaw: degrees(Math.atan2(z[0], Math.hypot(x[0], y[0]))),
    pitch: degrees(Math.atan2(z[1], z[2])),
    roll: degrees(Math.atan2(y[0], x[0])),
  };
}
