// What only the page of the editor needs.
import "./elements/ij-write.js";
