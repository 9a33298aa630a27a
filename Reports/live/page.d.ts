/** What the report's script gives to the live page, as far as that uses it (`ReportTemplates.swift` joins the two). */
interface Page {
  kept: Map<string, { save(): unknown; restore(value: any): void }>;
  openTarget(): void;
  runs: {
    list: any[];
    metrics: { key: string }[];
    find(id: string): any;
    follow(known: any): void;
  };
  Chart: { all: any[] };
  Curve: any;
  codeBook(of: any): any;
  drawLegends(): void;
  readable(value: number): string;
  wholeTable(): void;
}
/** Starts the report's script, which listens until `life` ends. */
declare function startPage(life: AbortSignal): Page;
