for (const table of document.querySelectorAll("table.sorts")) {
  const heads = [...table.tHead.rows[0].cells];
  const words = new Intl.Collator(document.documentElement.lang, { numeric: true }).compare;
  const compare = (one, other) => Number(one) - Number(other) || words(one, other);
  heads.forEach((head, at) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const falling = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", falling ? "descending" : "ascending");
      const key = (body) => body.rows[0].cells[at].dataset.key ?? body.rows[0].cells[at].textContent.trim();
      const ordered = [...table.tBodies].map((body) => [key(body), body]);
      ordered.sort(([one], [other]) => (one === "") - (other === "") || compare(one, other) * (falling ? -1 : 1));
      table.append(...ordered.map(([, body]) => body));
    });
  });
}
