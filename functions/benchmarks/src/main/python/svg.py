"""Drawings as plain SVG."""
import html
import math

STYLE = """<style>text { fill: #5b6570 } path { fill: none; stroke: #8a94a0 } .line { stroke: #2f6fde; stroke-width: 2 } circle { fill: #2f6fde } .before { fill: #b9c2cc } .after { fill: #2f6fde }</style>"""
WIDTH, HEIGHT, COLUMNS = 260, 180, 3


def text(x, y, words, anchor="middle"):
    return f'<text text-anchor="{anchor}" x="{x:.0f}" y="{y:.0f}">{html.escape(str(words))}</text>'


def picture(width, height, lines):
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="11">'
    return "\n".join([head, STYLE, *lines, "</svg>"]) + "\n"


def figure(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def panels(growths):
    """One for each (title, what grows, its sizes, values, unit), both axes logarithmic."""
    lines = []
    count = 0
    for count, (title, of, sizes, values, unit) in enumerate(growths, 1):
        left, top = 30 + (count - 1) % COLUMNS * WIDTH, (count - 1) // COLUMNS * (HEIGHT + 80) + 30
        lines.append(f'<path d="M{left} {top}v{HEIGHT}h{WIDTH - 30}"/>')
        least = min(values) / 1.3
        most = max(max(values) * 1.3, 10 * least)  # what hardly grows looks so
        points = []
        for size, value in zip(sizes, values):
            x = left + 20 + math.log(size / sizes[0]) / math.log(sizes[-1] / sizes[0]) * (WIDTH - 70)
            y = top + HEIGHT * (1 - math.log(value / least) / math.log(most / least))
            points.append(f"{x:.0f} {y:.0f}")
            lines += [f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3.5"/>', text(x, y - 8, f"{figure(value)}"),
                      text(x, top + HEIGHT + 16, f"{size:,}")]
        lines += [f'<path class="line" d="M{" L".join(points)}"/>', text(left + WIDTH / 2 - 15, top - 16, title),
                  text(left + WIDTH / 2 - 15, top + HEIGHT + 34, f"{unit} by {of}")]
    return picture(30 + COLUMNS * WIDTH, (count + COLUMNS - 1) // COLUMNS * (HEIGHT + 80) + 10, lines)
