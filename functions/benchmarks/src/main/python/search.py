"""Thresholds and neighbours of images in memory: Graft against numpy, which keeps float32 and does the same."""
import figures
import rows
from programs import Program

QUERIES = 50

# the compiler is done with thresholds and with searches by bounds after so many
THRESHOLDS_BEFORE = 10
SEARCHES_BEFORE = 12000


def both(options, file, threads):
    graft = Program.java(options.class_path, "dev.graft.index.SearchBenchmark", file, options=["-Xmx4g"])
    graft.answer()  # which has written the folds
    peers = {count: Program.python("search_peer.py", file, blas_threads=count) for count in threads}
    for peer in peers.values():
        peer.answer()
    return graft, peers


def turns(graft, peers, rounds, words):
    """Values of both, the peer with the number of threads that is fastest; the first turn does not count."""
    tried = {count: [peer.ask(*words) for _ in range(2)][1] for count, peer in peers.items()}
    best = min(tried, key=lambda count: middle(tried[count]["wall"]))
    graft.ask(*words)
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(graft.ask(*words))
        theirs.append(peers[best].ask(*words))
    return ours, theirs, best


def middle(values):
    return sorted(values)[len(values) // 2] if isinstance(values, list) else values


def columns(answers):
    return {kind: [middle(answer[kind]) for answer in answers] for kind in ("cpu", "wall")}


def measure(options, work):
    found = []
    sizes = [(images, 512) for images in options.images] + [(options.images[len(options.images) // 2], 2048)]
    for images, width in sizes:
        file = rows.write(work / "search.npy", *rows.made_up(images, width, 8))
        graft, peers = both(options, file, options.threads)
        name = f"{images:,} images of {width:,}"
        for what, words in (("thresholds", ["thresholds"]), ("neighbours of one", ["neighbours", QUERIES])):
            if words[0] == "neighbours":
                graft.ask("neighbours", SEARCHES_BEFORE)
            else:
                for _ in range(THRESHOLDS_BEFORE):
                    graft.ask("thresholds")
            ours, theirs, best = turns(graft, peers, options.long_rounds if width > 512 else options.rounds, words)
            key = "threshold" if words[0] == "thresholds" else "similarity"
            apart = abs(ours[0][key] - theirs[0][key]) / max(1e-9, abs(ours[0][key]))
            found.append(figures.pair(
                f"{what}, {name}", "ms", columns(ours), columns(theirs), f"numpy, {best} of {options.threads} threads",
                goal="1", note=f"results differ by {100 * apart:.2g} %"))
        for program in (graft, *peers.values()):
            program.end()
    return found
