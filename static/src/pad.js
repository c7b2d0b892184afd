// The chunk of the drawing pad: only its own page loads it.
import "./elements/ij-pad.js";
