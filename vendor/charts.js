/* The parts of Apache ECharts that our charts are made of: lines and bars on a grid, told in words,
   drawn as SVG. vendor.py makes one file of them; all the rest of the library stays at home. */
export { init } from "echarts/core";
import { use } from "echarts/core";
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, LineChart, AriaComponent, GridComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);
