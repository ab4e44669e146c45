#!/bin/sh
# Copies what the browser gets of each library into vendor/, from the versions in package-lock.json.
# The results are committed: building the product needs neither npm nor a network.
set -eu
cd "$(dirname "$0")"
[ -d node_modules ] || npm ci --ignore-scripts
rm -rf vendor
mkdir -p vendor/fonts
npx sass --load-path=node_modules --style=compressed --no-source-map --quiet bootstrap.scss vendor/bootstrap.css
cp node_modules/bootstrap/LICENSE vendor/bootstrap.LICENSE
cp node_modules/htmx.org/dist/htmx.min.js vendor/htmx.js
cp node_modules/htmx.org/LICENSE vendor/htmx.LICENSE
cp node_modules/idiomorph/dist/idiomorph-ext.min.js vendor/idiomorph-ext.js
cp node_modules/idiomorph/LICENSE vendor/idiomorph.LICENSE
cp node_modules/htmx-ext-sse/dist/sse.min.js vendor/sse.js
cp node_modules/htmx-ext-sse/LICENSE vendor/sse.LICENSE
cp node_modules/@tabler/icons/LICENSE vendor/tabler-icons.LICENSE
for weight in 400 600; do
  for part in latin vietnamese; do
    cp "node_modules/@fontsource/be-vietnam-pro/files/be-vietnam-pro-$part-$weight-normal.woff2" \
      "vendor/fonts/be-vietnam-pro-$part-$weight.woff2"
  done
done
cp node_modules/@fontsource/be-vietnam-pro/LICENSE vendor/fonts/LICENSE
# The reader alone: it is loaded by the page of a gate and by no other.
mkdir -p vendor/zxing/reader
cp node_modules/zxing-wasm/dist/es/reader/index.js vendor/zxing/reader/index.js
cp node_modules/zxing-wasm/dist/es/share.js vendor/zxing/share.js
cp node_modules/zxing-wasm/dist/reader/zxing_reader.wasm vendor/zxing/reader/zxing_reader.wasm
cp node_modules/zxing-wasm/LICENSE vendor/zxing.LICENSE
cp types/zxing.d.ts vendor/zxing/reader/index.d.ts
node icons.mjs
