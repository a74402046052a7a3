// Draws the server's figures. A chart is <div data-chart="ID"> beside <script type="application/json" id="ID">.
(() => {
  // Plotly reads plain colours only, so the style sheet's variables cannot be handed to it.
  const COLOURS = {
    light: { ink: "#3b424c", grid: "#e3e6ea", paper: "#ffffff" },
    dark: { ink: "#dfe3e8", grid: "#3d434b", paper: "#262626" },
  };

  const axis = (given, grid) => ({ gridcolor: grid, zerolinecolor: grid, linecolor: grid, automargin: true, ...given });

  // The server's figure says what is drawn; ink, grid and paper follow the theme of the page.
  const themed = (figure) => {
    const { ink, grid, paper } = COLOURS[document.documentElement.dataset.bsTheme] || COLOURS.light;
    const layout = { ...figure.layout, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)" };
    layout.font = { family: getComputedStyle(document.body).fontFamily, size: 12, ...figure.layout.font, color: ink };
    layout.hoverlabel = { bgcolor: paper, bordercolor: grid, font: { color: ink } };
    layout.xaxis = axis(figure.layout.xaxis, grid);
    layout.yaxis = axis(figure.layout.yaxis, grid);
    if (figure.layout.yaxis2) layout.yaxis2 = axis(figure.layout.yaxis2, grid);
    if (figure.layout.polar) {
      const polar = figure.layout.polar;
      layout.polar = {
        ...polar,
        bgcolor: "rgba(0,0,0,0)",
        radialaxis: { ...polar.radialaxis, gridcolor: grid, linecolor: grid },
        angularaxis: { ...polar.angularaxis, gridcolor: grid, linecolor: grid },
      };
    }
    return { data: figure.data, layout };
  };

  const open = (box, event) => {
    const point = event.points && event.points[0];
    const address = point && (point.customdata || (point.data && point.data.customdata && point.data.customdata[point.pointNumber]));
    const target = Array.isArray(address) ? address[0] : address;
    if (typeof target === "string" && /^[/?#]/.test(target) && !target.startsWith("//")) window.location.assign(target);
  };

  const draw = (box) => {
    const source = document.getElementById(box.dataset.chart);
    if (!source || !window.Plotly) return;
    const figure = themed(JSON.parse(source.textContent));
    const fresh = !box.dataset.drawn;
    window.Plotly.react(box, figure.data, figure.layout, { responsive: true, displayModeBar: false, displaylogo: false });
    if (fresh && box.dataset.opens !== undefined) {
      box.on("plotly_click", (event) => open(box, event));
      box.on("plotly_icicleclick", (event) => {
        open(box, event);
        return false;
      });
    }
    box.dataset.drawn = "1";
  };

  const drawAll = (within) => within.querySelectorAll("[data-chart]").forEach(draw);

  document.addEventListener("DOMContentLoaded", () => drawAll(document));
  document.addEventListener("govern:theme", () => drawAll(document));
  document.addEventListener("htmx:afterSwap", (event) => drawAll(event.target));
  // New data for a chart that is there already, while its box stays.
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    const source = event.detail.target.querySelector("script[type='application/json'][id]");
    if (source) document.querySelectorAll(`[data-chart="${source.id}"]`).forEach(draw);
  });
})();
