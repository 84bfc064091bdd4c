package dev.graft.system;

import com.microsoft.playwright.Page;
import java.util.List;

/**
 * What is wrong with where things are on a page: it is wider than its window, something lies over
 * something else or leaves its box, a word is broken that would fit on a line, or the message at
 * the foot covers the bar above it.
 */
final class Geometry {
    private static final String FAULTS =
            """
            () => {
              const faults = new Set();
              const root = document.querySelector('dialog[open]') || document.body;
              const named = element => `${element.localName}.${element.className} `
                + JSON.stringify((element.textContent || element.alt || '').slice(0, 30));
              const clips = element => getComputedStyle(element).overflowX !== 'visible';
              const isInline = element => getComputedStyle(element).display === 'inline';
              const blockOf = element => isInline(element) ? blockOf(element.parentElement) : element;
              const cut = (a, b) => ({left: Math.max(a.left, b.left), top: Math.max(a.top, b.top),
                right: Math.min(a.right, b.right), bottom: Math.min(a.bottom, b.bottom)});

              function seen(element) {
                let box = element.getBoundingClientRect();
                for (let around = element.parentElement; around !== document.body; around = around.parentElement) {
                  if (clips(around)) box = cut(box, around.getBoundingClientRect());
                }
                return box;
              }

              const wide = document.documentElement.scrollWidth - innerWidth;
              if (wide > 0) faults.add(`the page is ${wide} pixels wider than its window`);

              const over = '.foot, .side, .look, .tile input, .skip, .sprites, .hidden, svg *, noscript';
              const saysSomething = element => [...element.childNodes]
                .some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
              const things = [...root.querySelectorAll('*')]
                .filter(element => element.checkVisibility() && !element.closest(over))
                .filter(element => element.matches('img, canvas, input, button, svg, progress') || saysSomething(element))
                .filter(element => !element.parentElement.closest('button, pre'))
                .map(element => [element, seen(element)])
                .filter(([, {left, top, right, bottom}]) => right - left > 1 && bottom - top > 1);
              things.forEach(([one, box], i) => {
                if (box.left < -1 || box.right > innerWidth + 1) faults.add(`${named(one)} leaves the window`);
                for (const [other, its] of things.slice(i + 1)) {
                  if (one.contains(other)) continue;
                  // the boxes of what is in one line touch, and those of what is broken over lines overlap
                  if ((isInline(one) || isInline(other)) && blockOf(one.parentElement) === blockOf(other.parentElement)) continue;
                  const both = cut(box, its);
                  if (both.right - both.left > 1 && both.bottom - both.top > 1) faults.add(`${named(one)} overlaps ${named(other)}`);
                }
              });

              const exempt = '.mono, pre, .hidden, .sprites, .skip, noscript, .matrix thead';
              const range = document.createRange();
              const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
              while (texts.nextNode()) {
                const {data, parentElement} = texts.currentNode;
                if (!parentElement.checkVisibility() || parentElement.closest(exempt)) continue;
                const block = blockOf(parentElement);
                for (const {0: word, index} of data.matchAll(/[^\\s-]+/g)) {
                  range.setStart(texts.currentNode, index);
                  range.setEnd(texts.currentNode, index + word.length);
                  const parts = [...range.getClientRects()];
                  const right = block.getBoundingClientRect().right;
                  if (!clips(block) && parts.some(box => box.right > right + 1)) faults.add(`${word} leaves ${named(block)}`);
                  const fits = parts.reduce((sum, box) => sum + box.width, 0) < block.clientWidth - 16;
                  const lines = new Set(parts.map(box => Math.round(box.top)));
                  if (fits && lines.size > 1) faults.add(`${word} is broken in ${named(parentElement)}`);
                }
              }

              const [note, bar] = ['.note', '.bulk']
                .map(which => document.querySelector(which)?.getBoundingClientRect());
              if (note?.height && bar?.height && note.bottom > bar.top) faults.add('the message covers the bar');
              for (const box of [note, bar]) {
                if (box?.height && (box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight)) {
                  faults.add('something at the foot leaves the window');
                }
              }
              return [...faults];
            }
            """;

    private Geometry() {}

    /** One line for each fault, as the page is now. */
    static List<?> faults(Page page) {
        return (List<?>) page.evaluate(FAULTS);
    }
}
