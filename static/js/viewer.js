// Photos in a list with data-viewer open one at a time over the page: arrow keys move, Escape closes.
export function bindViewer(root) {
  for (const list of root.querySelectorAll("[data-viewer]")) {
    const links = [...list.querySelectorAll("a")];
    links.forEach((link, place) =>
      link.addEventListener("click", (event) => {
        if (event.metaKey || event.ctrlKey) return;
        event.preventDefault();
        open(links, place);
      }),
    );
  }
}

function open(links, place) {
  const words = document.documentElement.lang.startsWith("zh") ? ["上一张", "下一张", "关闭"] : ["Previous", "Next", "Close"];
  const box = document.createElement("dialog");
  box.className = "viewer";
  const image = document.createElement("img");
  const caption = document.createElement("p");
  const bar = document.createElement("div");
  const show = (next) => {
    place = (next + links.length) % links.length;
    image.src = links[place].href;
    image.alt = links[place].querySelector("img").alt;
    caption.textContent = `${image.alt} · ${place + 1} / ${links.length}`;
  };
  const actions = [() => show(place - 1), () => show(place + 1), () => box.close()];
  words.forEach((word, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn";
    button.textContent = word;
    button.disabled = index < 2 && links.length < 2;
    button.addEventListener("click", actions[index]);
    bar.append(button);
  });
  box.addEventListener("keydown", ({ key }) => ({ ArrowLeft: actions[0], ArrowRight: actions[1] })[key]?.());
  box.addEventListener("click", (event) => event.target === box && box.close());
  box.addEventListener("close", () => {
    box.remove();
    links[place].focus();
  });
  caption.setAttribute("role", "status");
  bar.className = "btn-list";
  box.append(image, caption, bar);
  document.body.append(box);
  show(place);
  box.showModal();
}
