/** The part of zxing-wasm's reader that the gate's camera uses; `vendor.sh` puts it beside the library. */
export interface ReadResult {
  readonly text: string;
}
export function prepareZXingModule(options: { overrides: { locateFile: (path: string, prefix: string) => string } }): unknown;
export function readBarcodes(image: ImageData, options: { formats: string[]; maxNumberOfSymbols: number }): Promise<ReadResult[]>;
