// The page: a file or the camera in, points, pose and time out. Nothing leaves the machine.

import * as ort from './ort/ort.wasm.min.mjs';
import { alignedCrop, openness } from './applications.js';
import { makeDetector } from './detector.js';
import { Landmarker } from './landmarker.js';
import { axisEnds, headPose } from './pose.js';

const LARGEST = 4096; // px of a picture's longer side; what is larger is shrunk
const SIMD = [0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0,
  253, 15, 253, 98, 11]; // the smallest program that needs SIMD
const NOSE_TIP = 30;
const AXIS_COLOURS = ['red', 'limegreen', 'dodgerblue'];
const $ = (id) => document.getElementById(id);
const say = (text) => ($('sentence').textContent = text);
const canvas = $('picture');
const pen = canvas.getContext('2d', { willReadFrequently: true });

async function load() {
  if (!WebAssembly.validate(Uint8Array.from(SIMD)))
    throw new Error('This browser has no WebAssembly SIMD: use one of 2023 or later.');
  ort.env.wasm.wasmPaths = new URL('./ort/', import.meta.url).href;
  ort.env.wasm.numThreads = 1;
  const config = await (await fetched('config.json')).json();
  const [face, landmarks] = await Promise.all([network('face.onnx'), network('landmarks.onnx', true)]);
  const detect = makeDetector(face, config.detector);
  const options = { ...config.landmarker, visibility: config.visibility };
  return { config, landmarker: new Landmarker(landmarks, detect, options) };
}

/** A file of the page; what is wrong with the server is one sentence. */
async function fetched(file) {
  const answer = await fetch(file).catch(() => null);
  if (answer?.ok) return answer;
  const reason = answer ? `status ${answer.status}` : 'no answer';
  throw new Error(`${file} cannot be loaded (${reason}): copy the whole folder to the server, and reload.`);
}

/** A function from pixels [side, side, 3] to the network's outputs by name; some take [3, side, side]. */
async function network(file, planar = false) {
  const bytes = new Uint8Array(await (await fetched(file)).arrayBuffer());
  const session = await ort.InferenceSession.create(bytes);
  return async (pixels, side) => {
    const shape = planar ? [1, 3, side, side] : [1, side, side, 3];
    const image = new ort.Tensor('uint8', planar ? planes(pixels) : pixels, shape);
    const outputs = await session.run({ image });
    return Object.fromEntries(Object.entries(outputs).map(([name, { data }]) => [name, data]));
  };
}

/** Colours one after the other instead of pixels. */
function planes(pixels) {
  const out = new Uint8Array(pixels.length);
  const count = pixels.length / 3;
  for (let k = 0; k < 3; k++) for (let i = 0; i < count; i++) out[k * count + i] = pixels[3 * i + k];
  return out;
}

/** Draw a source on the canvas and read its pixels. */
function read(source, width, height) {
  const scale = Math.min(1, LARGEST / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  pen.drawImage(source, 0, 0, canvas.width, canvas.height);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

function draw(faces) {
  const size = Math.max(2, Math.max(canvas.width, canvas.height) / 300);
  for (const { points, visibility, head } of faces) {
    points.forEach(([x, y], i) => {
      pen.beginPath();
      pen.arc(x + 0.5, y + 0.5, size, 0, 2 * Math.PI);
      pen.fillStyle = pen.strokeStyle = '#19c37d';
      pen.lineWidth = size / 2;
      if (visibility[i] < 0.5) pen.stroke();
      else pen.fill();
    });
    if (head && $('axes').checked) drawAxes(points[NOSE_TIP], head, size);
  }
}

function drawAxes([x, y], head, width) {
  axisEnds([x, y], head).forEach(([toX, toY], k) => {
    pen.beginPath();
    pen.moveTo(x + 0.5, y + 0.5);
    pen.lineTo(toX + 0.5, toY + 0.5);
    pen.strokeStyle = AXIS_COLOURS[k];
    pen.lineWidth = width;
    pen.stroke();
  });
}

/** The aligned crop of each face below the picture; a click saves it. */
function showCrops(picture, faces, align) {
  const wanted = align && $('crops').checked ? faces : [];
  const shown = wanted.map(({ points }, i) => {
    const own = Object.assign(document.createElement('canvas'), { width: align.size, height: align.size });
    own.getContext('2d').putImageData(alignedCrop(picture, points, align), 0, 0);
    const link = Object.assign(document.createElement('a'), { download: `face_${i}.png`, href: own.toDataURL() });
    link.append(own);
    return link;
  });
  $('aligned').replaceChildren(...shown);
}

const numbers = (angles) => Object.entries(angles).map(([name, v]) => `${name} ${Math.round(v) || 0}°`);

function lineOf({ head, eyes, mouth }) {
  const parts = head ? numbers(head.angles) : [];
  if (eyes) {
    const values = [eyes.right, eyes.left].map(({ value }) => value.toFixed(2));
    parts.push(`eyes ${values.join(' ')}`, `mouth ${mouth.value.toFixed(2)}`);
  }
  return parts.join(', ');
}

/** What the page shows of a picture's faces; called again when what is wanted changes. */
function report({ config }, picture, found, milliseconds, rate = '') {
  const faces = found.map((face) => {
    const head = config.head && headPose(face.points, face.scales, config.head);
    const wanted = head && $('openness').checked;
    return { ...face, head, ...(wanted ? openness(face, head, { ...config.openness, mean: config.head.mean }) : {}) };
  });
  draw(faces);
  showCrops(picture, faces, config.align);
  const which = faces.length === 1 ? '1 face' : `${faces.length || 'no'} faces`;
  say([`${which}, ${milliseconds.toFixed(0)} ms${rate}`, ...faces.map(lineOf).filter(Boolean)].join(' · '));
  $('result').value = JSON.stringify({
    schema: config.schema,
    width: canvas.width,
    height: canvas.height,
    milliseconds,
    faces: faces.map(({ head, ...face }) => ({ ...face, pose: head && head.angles })),
  });
  $('save').hidden = !faces.length;
  again = () => {
    pen.putImageData(picture, 0, 0);
    report({ config }, picture, found, milliseconds, rate);
  };
}
let again = () => {};

async function showFile(app, file) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    return say(`${file.name}: this browser cannot read it as a picture: choose a JPEG, PNG or WebP.`);
  }
  const picture = read(bitmap, bitmap.width, bitmap.height);
  const start = performance.now();
  const faces = await app.landmarker.find(picture);
  report(app, picture, faces, performance.now() - start);
}

/** Run a handler; what goes wrong in it is said on the page. */
const guarded = (work) => (event) => work(event).catch((error) => say(`Something went wrong: ${error.message}`));

let stream = null;

async function toggleCamera(app) {
  if (stream) return stopCamera();
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } });
  } catch (error) {
    return say(`The camera cannot be used (${error.name}): allow it, or choose a picture.`);
  }
  $('camera').textContent = 'Stop the camera';
  const video = Object.assign(document.createElement('video'), { srcObject: stream, muted: true });
  await video.play();
  await follow(app, video);
}

/** Frame after frame until the camera stops; time and rate shown are means over the last ones. */
async function follow(app, video) {
  let [faces, mean, whole, last] = [[], 0, 0, performance.now()];
  const smooth = (before, now) => (before ? 0.9 * before + 0.1 * now : now);
  while (stream) {
    const picture = read(video, video.videoWidth, video.videoHeight);
    const start = performance.now();
    faces = await app.landmarker.find(picture, faces);
    mean = smooth(mean, performance.now() - start);
    const rate = whole ? `, ${(1000 / whole).toFixed(0)} frames a second` : '';
    report(app, picture, faces, mean, rate);
    await new Promise(requestAnimationFrame);
    whole = smooth(whole, performance.now() - last);
    last = performance.now();
  }
}

function stopCamera() {
  for (const track of stream.getTracks()) track.stop();
  stream = null;
  $('camera').textContent = 'Use the camera';
}

function save() {
  const url = URL.createObjectURL(new Blob([$('result').value], { type: 'application/json' }));
  Object.assign(document.createElement('a'), { href: url, download: 'landmarks.json' }).click();
  URL.revokeObjectURL(url);
}

try {
  const app = await load();
  const choose = async ({ target }) => {
    if (stream) stopCamera();
    if (target.files[0]) await showFile(app, target.files[0]);
  };
  $('file').addEventListener('change', guarded(choose));
  $('camera').addEventListener('click', guarded(() => toggleCamera(app)));
  $('save').addEventListener('click', save);
  for (const id of ['axes', 'openness', 'crops']) $(id).addEventListener('change', () => again());
  $('extras').hidden = !app.config.head;
  for (const id of ['file', 'camera']) $(id).disabled = false;
  say('Ready. Choose a picture or use the camera; nothing leaves your machine.');
  navigator.serviceWorker?.register('offline.js').catch(() => {});
} catch (error) {
  say(error.message);
}
