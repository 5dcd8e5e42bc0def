// Package headless drives Chromium without a window, for tests of pages: the DevTools
// protocol over two pipes, with nothing but the standard library.
package headless
