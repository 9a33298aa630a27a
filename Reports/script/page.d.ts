/** Ends when the page gives way to another one: what listens beyond the page's own elements listens until then. */
declare const life: AbortSignal;
