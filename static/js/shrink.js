// Makes a large photo smaller on the device; what the browser cannot read stays as it is.
const LONGEST = 2560;
const QUALITY = 0.85;
export const SMALL = 1_000_000; // bytes; a smaller photo is left as it is

export async function shrunk(file) {
  if (file.size <= SMALL || !window.createImageBitmap) return file;
  const image = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  if (!image) return file;
  const scale = Math.min(1, LONGEST / Math.max(image.width, image.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (!blob || blob.type !== "image/jpeg" || blob.size >= file.size) return file;
  return new File([blob], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified });
}
