// One request for each change on the page. The picture stays in the browser: the copy that
// Gradio's uploader left on the server goes with the first request.
async (photo, model, detector, schema, close_up, show) => {
  if (!photo) return [null, "", ""];
  try {
    const picture = await (await fetch(photo.url)).blob();
    const name = photo.orig_name || "camera.png";
    const uploaded = photo.path;
    const query = new URLSearchParams({ model, detector, schema, name, close_up, show, uploaded });
    const reply = await fetch("landmarks?" + query, { method: "POST", body: picture });
    const { sentence, html } = await reply.json();
    const url = photo.url.startsWith("blob:") ? photo.url : URL.createObjectURL(picture);
    return [{ ...photo, url }, html, sentence];
  } catch (error) {
    return [photo, "", "The server does not answer: is `fanet serve` still running?"];
  }
}
