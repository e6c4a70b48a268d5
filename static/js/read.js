// A button marked data-read reads the page aloud with the browser's own voice, and stops when pressed again.
const voice = window.speechSynthesis;

export function bindRead(root) {
  if (!voice || !window.SpeechSynthesisUtterance) return;
  for (const button of root.querySelectorAll("[data-read]")) {
    button.hidden = false;
    button.addEventListener("click", () => (voice.speaking ? stop(button) : read(button)));
  }
}

function read(button) {
  const speech = new SpeechSynthesisUtterance(document.getElementById("content").innerText);
  speech.lang = document.documentElement.lang;
  speech.rate = 0.9;
  speech.onend = speech.onerror = () => stop(button);
  button.textContent = button.dataset.readStop;
  button.dataset.reading = "";
  voice.cancel();
  voice.speak(speech);
}

function stop(button) {
  if (!("reading" in button.dataset)) return;
  delete button.dataset.reading;
  button.textContent = button.dataset.readStart;
  voice.cancel();
}

window.addEventListener("pagehide", () => voice?.cancel());
