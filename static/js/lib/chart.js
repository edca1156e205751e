// @ts-check
/** The one wrapper around plotly: colours and fonts from the page's roles, no bar, no word to anyone else's host. */

const CONFIG = {
  displayModeBar: false,
  displaylogo: false,
  doubleClick: false,
  plotlyServerURL: "",
  responsive: true,
  scrollZoom: false,
  showSendToCloud: false,
  showTips: false,
};
const PICTURE = { width: 1200, height: 640 };
const PAPER = 620;

/** @returns {any} */
const plotly = () => /** @type {any} */ (globalThis).Plotly;

/** @param {string} role a name of tokens.css without its dashes @returns {string} */
const colour = (role) => getComputedStyle(document.documentElement).getPropertyValue(`--${role}`).trim();

/** @param {string} hex @param {number} alpha @returns {string} */
function translucent(hex, alpha) {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  return `rgba(${red}, ${green}, ${blue}, ${alpha})`;
}

/** A copy of the trace in the colours of its roles. @param {any} trace @returns {any} */
function coloured(trace) {
  const role = trace.meta ?? {};
  if (role.fill) return { ...trace, fillcolor: translucent(colour(role.fill), 0.2) };
  const ink = colour(role.color ?? "ink");
  return { ...trace, line: { ...trace.line, color: ink, width: 2 }, marker: { ...trace.marker, color: ink, size: 5 } };
}

/** The layout in the page's fonts and colours. @param {any} layout @param {boolean} isPicture @returns {any} */
function dressed(layout, isPicture) {
  const ink = colour("muted");
  const axis = { color: ink, gridcolor: colour("line"), linecolor: colour("edge") };
  const axes = Object.keys(layout).filter((name) => /^[xy]axis\d*$/.test(name));
  return {
    ...layout,
    ...Object.fromEntries(axes.map((name) => [name, { ...layout[name], ...axis }])),
    font: { family: "system-ui, sans-serif", size: 12, color: ink },
    hoverlabel: { bgcolor: colour("raised"), bordercolor: colour("edge"), font: { color: colour("ink") } },
    paper_bgcolor: isPicture ? colour("surface") : "rgba(0, 0, 0, 0)",
    plot_bgcolor: "rgba(0, 0, 0, 0)",
  };
}

/** @param {any} trace @returns {any} bars carry no line */
const plain = (trace) => (trace.type === "bar" ? { ...trace, line: undefined } : trace);

/**
 * Draws `figure` and draws it again whenever the scheme changes.
 * @param {HTMLElement} canvas
 * @param {{data: any[], layout: any}} figure
 */
export async function draw(canvas, figure) {
  const paint = () =>
    plotly().react(canvas, figure.data.map(coloured).map(plain), dressed(figure.layout, false), CONFIG);
  await paint();
  followScheme(paint);
  followPaper(canvas);
  openOnPress(canvas);
}

/** @param {() => void} paint */
function followScheme(paint) {
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  new MutationObserver(paint).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}

/** On paper the chart is as wide as a page, not as the window was. @param {HTMLElement} canvas */
function followPaper(canvas) {
  window.addEventListener("beforeprint", () => plotly().relayout(canvas, { autosize: false, width: PAPER }));
  window.addEventListener("afterprint", () => plotly().relayout(canvas, { autosize: true, width: null }));
}

/** A point opens the conversations behind it; only addresses of this site are followed. @param {HTMLElement} canvas */
function openOnPress(canvas) {
  canvas.toggleAttribute("data-has-links", true);
  /** @type {any} */ (canvas).on("plotly_click", (/** @type {any} */ event) => {
    const address = event.points.map((/** @type {any} */ point) => point.customdata).find(Boolean);
    const url = address && new URL(address, window.location.href);
    if (url && url.origin === window.location.origin) window.location.assign(url);
  });
}

/**
 * Saves the chart as a file; the picture is made here, nothing leaves the browser.
 * @param {{data: any[], layout: any}} figure
 * @param {"png" | "svg"} format
 * @param {string} name
 */
export async function save(figure, format, name) {
  const picture = { data: figure.data.map(coloured).map(plain), layout: dressed(figure.layout, true) };
  const url = await plotly().toImage(picture, { ...PICTURE, format, scale: format === "png" ? 2 : 1 });
  const link = document.createElement("a");
  link.href = url;
  link.download = `${name}.${format}`;
  link.click();
}
