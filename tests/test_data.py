"""Data sets: what they hold, and what happens when a file or the network is at fault."""

import dataclasses
import errno
import http.server
import io
import shutil
import socket
import socketserver
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pooch
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from conftest import ROOT, SHARED_MNIST
from lessonlib import data
from lessonlib.data import checksum, load_letters, load_mnist, make_curve

# --- the small digits -------------------------------------------------------------------


def test_small_digits_have_the_promised_shapes_types_and_range():
    digits = load_mnist("small")
    assert digits.x_train.shape == (4_000, 28, 28)
    assert digits.x_valid.shape == (0, 28, 28)
    assert digits.x_test.shape == (1_000, 28, 28)
    for part in ("train", "valid", "test"):
        assert getattr(digits, f"x_{part}").dtype == np.float32
        assert getattr(digits, f"y_{part}").dtype == np.int64
    assert (digits.x_train.min(), digits.x_train.max()) == (0, 1)
    assert len(np.unique(digits.x_train)) == 256
    assert "small" in digits.name and "mnist-5k.npz" in digits.source


def test_small_digits_are_stratified_in_the_order_0_to_9():
    digits = load_mnist("small", valid=500)
    assert digits.y_train.tolist() == [*range(10)] * 350
    assert digits.y_valid.tolist() == [*range(10)] * 50
    assert digits.y_test.tolist() == [*range(10)] * 100


def test_no_image_is_in_two_parts():
    digits = load_mnist("small", valid=500)
    parts = digits.x_train, digits.x_valid, digits.x_test
    assert len({image.tobytes() for part in parts for image in part}) == 5_000


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 399))
def test_valid_sets_aside_the_last_images_of_each_digit(tens):
    whole, cut = load_mnist("small"), load_mnist("small", valid=10 * tens)
    assert len(cut.x_valid) == 10 * tens
    for digit in range(10):
        kept, aside = (
            x[y == digit]
            for x, y in ((cut.x_train, cut.y_train), (cut.x_valid, cut.y_valid))
        )
        images = whole.x_train[whole.y_train == digit]
        assert np.array_equal(np.concatenate([kept, aside]), images)
        assert len(aside) == tens
    assert np.array_equal(cut.x_test, whole.x_test)


@pytest.mark.parametrize("kind", ["uint8", "int16", "int64", "uint64"])
def test_valid_may_be_any_whole_number_type(kind):
    assert len(load_mnist("small", valid=np.dtype(kind).type(100)).x_valid) == 100


@pytest.mark.parametrize("valid", [-10, 5, 4_000, 10.0, "10", None, True, np.nan])
def test_an_impossible_valid_is_refused(valid):
    with pytest.raises(ValueError, match=f"valid is {valid!r}; .*multiple of 10.*to 3990"):
        load_mnist("small", valid=valid)


@pytest.mark.parametrize("size", ["huge", "Small", 5, b"small"])
def test_an_unknown_size_is_refused(size):
    with pytest.raises(ValueError, match=r"size is .*'small' or 'full'"):
        load_mnist(size)


def test_size_comes_from_the_argument_then_the_environment(monkeypatch, tiny):
    (tiny.parent / "mnist.npz").write_bytes(BODY)
    monkeypatch.setenv("LESSONLIB_DATA", str(tiny.parent))
    assert load_mnist().name == "MNIST (small)"
    monkeypatch.setenv("LESSONLIB_SIZE", "full")
    assert load_mnist().name == "MNIST (full)"
    assert load_mnist("small").name == "MNIST (small)"
    monkeypatch.setenv("LESSONLIB_SIZE", "medium")
    with pytest.raises(ValueError, match="LESSONLIB_SIZE is 'medium'"):
        load_mnist()


def test_flat_has_one_row_an_image_and_leaves_the_rest():
    digits = load_mnist("small", valid=100)
    flat = digits.flat
    assert [len(x) for x in (flat.x_train, flat.x_valid, flat.x_test)] == [
        3_900,
        100,
        1_000,
    ]
    assert np.array_equal(flat.x_valid, digits.x_valid.reshape(100, 784))
    assert np.array_equal(flat.flat.x_test, flat.x_test)
    assert flat.y_test is digits.y_test and flat.name == digits.name
    assert load_mnist("small").flat.x_valid.shape == (0, 784)
    assert digits.x_train.shape == (3_900, 28, 28)


def test_data_are_frozen_and_loaded_afresh():
    digits = load_mnist("small")
    with pytest.raises(dataclasses.FrozenInstanceError):
        digits.x_train = digits.x_test
    digits.x_train[:] = 0
    assert load_mnist("small").x_train.max() == 1


# --- files at fault ---------------------------------------------------------------------


def packed(arrays, save=np.savez_compressed):
    file = io.BytesIO()
    save(file, **arrays)
    return file.getvalue()


def pixels(count):
    return np.random.default_rng(count).integers(0, 256, (count, 28, 28), np.uint8)


LABELS = np.arange(30, dtype=np.uint8) % 10
TINY = dict(x_train=pixels(30), y_train=LABELS, x_test=pixels(10), y_test=LABELS[:10])
SHAPES = {name: array.shape for name, array in TINY.items()}
BODY = packed(TINY)


def directory_byte(offset, value):
    """The tiny file with one byte of its first zip directory entry changed."""
    place = BODY.index(b"PK\x01\x02") + offset
    return BODY[:place] + bytes([value]) + BODY[place + 1 :]


def first_block():
    """The tiny file with its first compressed block declared as of no known type."""
    place = (
        30 + int.from_bytes(BODY[26:28], "little") + int.from_bytes(BODY[28:30], "little")
    )
    return BODY[:place] + b"\xff" + BODY[place + 1 :]


def bare_array():
    file = io.BytesIO()
    np.save(file, TINY["x_train"])
    return file.getvalue()


UNREADABLE = {
    "empty": b"",
    "text": b"404: not found",
    "cut short": BODY[:-200],
    "half": BODY[: len(BODY) // 2],
    "one byte changed": BODY[:500] + bytes([BODY[500] ^ 255]) + BODY[501:],
    "garbled compression": first_block(),
    "newer zip": directory_byte(6, 200),
    "encrypted": directory_byte(8, 1),
    "unknown compression": directory_byte(10, 97),
    "bare array": bare_array(),
    "objects": packed({name: np.array([None]) for name in TINY}),
    "other names": packed({"a": TINY["x_train"]}),
    "one array missing": packed({k: v for k, v in TINY.items() if k != "y_test"}),
}
OTHER_DATA = {
    "other pixels": packed(TINY | {"x_train": 255 - TINY["x_train"]}),
    "other shape": packed(TINY | {"x_train": TINY["x_train"].reshape(30, 784)}),
    "other type": packed(TINY | {"y_test": TINY["y_test"].astype("int64")}),
    "no rows": packed(TINY | {"x_test": TINY["x_test"][:0]}),
    "words": packed(TINY | {"y_test": np.array(["seven"])}),
    "swapped": packed(TINY | {"x_train": TINY["x_test"], "x_test": TINY["x_train"]}),
}


@pytest.fixture
def tiny(monkeypatch, tmp_path):
    """A small stand-in for the full MNIST, no source, and the empty cache folder."""
    monkeypatch.setattr(data, "FULL_SHAPES", SHAPES)
    monkeypatch.setattr(data, "FULL_CHECKSUM", checksum(TINY))
    monkeypatch.setattr(data, "FULL_SOURCES", ())
    monkeypatch.setattr(data, "_cache_folder", lambda: tmp_path / "cache")
    return tmp_path / "cache"


@pytest.fixture
def own_folder(monkeypatch, tiny):
    """The folder that LESSONLIB_DATA names."""
    folder = tiny.parent / "own"
    folder.mkdir()
    monkeypatch.setenv("LESSONLIB_DATA", str(folder))
    return folder


@pytest.fixture
def checkout(monkeypatch, tmp_path):
    """An imitation of the checkout in which the embedded file may be damaged."""
    monkeypatch.setattr(data, "__file__", str(tmp_path / "lessonlib" / "data.py"))
    (tmp_path / "data").mkdir()
    shutil.copy(ROOT / "data" / "mnist-5k.npz", tmp_path / "data")
    return tmp_path


def holds_tiny(digits):
    """Whether these are the stand-in's values, scaled to [0, 1]."""
    rows = np.allclose(digits.x_train, TINY["x_train"] / 255, atol=1e-7)
    return rows and np.array_equal(digits.y_test, TINY["y_test"])


def test_embedded_file_is_found_in_the_checkout_and_in_the_wheel(checkout):
    assert len(load_mnist("small").x_train) == 4_000
    (checkout / "lessonlib").mkdir()
    (checkout / "data").rename(checkout / "lessonlib" / "embedded")
    assert len(load_mnist("small").x_train) == 4_000


def test_a_missing_embedded_file_says_how_to_get_it_back(checkout):
    (checkout / "data" / "mnist-5k.npz").unlink()
    with pytest.raises(OSError, match=r"mnist-5k.npz.*missing.*Install.*git checkout"):
        load_mnist("small")


@pytest.mark.parametrize("fault", ["cut", "garbage", "empty", "folder"])
def test_an_unreadable_embedded_file_says_how_to_restore_it(checkout, fault):
    path = checkout / "data" / "mnist-5k.npz"
    body = path.read_bytes()
    path.unlink()
    if fault == "folder":
        path.mkdir()
    else:
        path.write_bytes({"cut": body[:-1_000], "garbage": b"\0" * 99, "empty": b""}[fault])
    with pytest.raises(OSError, match=r"cannot be read .*images, labels.*restore it with"):
        load_mnist("small")


@pytest.mark.parametrize("change", ["pixel", "label", "order"])
def test_an_embedded_file_with_other_arrays_is_refused(checkout, change):
    path = checkout / "data" / "mnist-5k.npz"
    with np.load(path) as file:
        arrays = dict(file)
    if change == "pixel":
        arrays["images"][77, 3, 3] ^= 1
    elif change == "label":
        arrays["labels"][77] += 1
    else:
        arrays = {name: array[::-1] for name, array in arrays.items()}
    path.write_bytes(packed(arrays))
    with pytest.raises(OSError, match=r"other data.*\(5000, 28, 28\).*checksum.*restore"):
        load_mnist("small")


def test_full_digits_come_from_the_folder_that_the_student_names(own_folder, tiny):
    (own_folder / "mnist.npz").write_bytes(BODY)
    digits = load_mnist("full", valid=20)
    assert digits.y_train.tolist() == [*range(10)] and len(digits.x_valid) == 20
    assert "LESSONLIB_DATA" in digits.source
    assert holds_tiny(load_mnist("full"))
    assert not tiny.exists(), "the cache is not touched"


@pytest.mark.parametrize("content", ["nothing", "a folder"])
def test_a_named_folder_without_the_file_is_an_error(own_folder, content):
    if content == "a folder":
        (own_folder / "mnist.npz").mkdir()
    with pytest.raises(OSError, match=r"LESSONLIB_DATA is .*holds no mnist.npz.*unset"):
        load_mnist("full")


@pytest.mark.parametrize("fault", UNREADABLE)
def test_an_unreadable_file_is_an_error_that_names_it_and_the_cure(own_folder, fault):
    (own_folder / "mnist.npz").write_bytes(UNREADABLE[fault])
    match = r"mnist.npz cannot be read .*x_train, y_train, x_test, y_test.*unset LESSON"
    with pytest.raises(OSError, match=f"(?s){match}"):
        load_mnist("full")


@pytest.mark.parametrize("fault", OTHER_DATA)
def test_a_file_with_other_data_is_an_error_that_shows_what_came(own_folder, fault):
    (own_folder / "mnist.npz").write_bytes(OTHER_DATA[fault])
    match = r"mnist.npz holds other data.*x_train \(\d+, .*checksum.*Replace it, or unset"
    with pytest.raises(OSError, match=match):
        load_mnist("full")


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from([np.savez, np.savez_compressed]),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=4),
    st.floats(0, 1),
)
def test_whatever_happened_to_a_file_it_is_right_or_refused(
    tmp_path_factory, save, changes, cut
):
    body = bytearray(packed(TINY, save))
    for place, value in changes:
        body[int(place * len(body))] = value
    path = tmp_path_factory.getbasetemp() / "damaged.npz"
    path.write_bytes(body[: int(len(body) * (1 if cut > 0.2 else 5 * cut))])
    try:
        arrays = data._read(path, SHAPES, checksum(TINY), "")
    except OSError:
        return
    assert all(np.array_equal(arrays[name], TINY[name]) for name in TINY)


@pytest.mark.parametrize(
    "body",
    [
        packed(TINY, np.savez),
        packed(dict(reversed(TINY.items()))),
        packed({name: np.asfortranarray(array) for name, array in TINY.items()}),
        packed(TINY | {"remark": np.array("from another mirror")}),
    ],
    ids=["uncompressed", "other order", "column by column", "one array more"],
)
def test_any_faithful_container_is_accepted(own_folder, body):
    assert body != BODY
    (own_folder / "mnist.npz").write_bytes(body)
    assert holds_tiny(load_mnist("full"))


@settings(deadline=None)
@given(st.sampled_from(sorted(TINY)), st.data())
def test_the_checksum_sees_every_value_name_shape_and_type(name, draw):
    array = TINY[name].copy()
    array[draw.draw(st.integers(0, len(array) - 1))] += 1
    whole = checksum(TINY)
    assert checksum(TINY | {name: array}) != whole
    assert checksum(TINY | {name: TINY[name].view("int8")}) != whole
    assert checksum(TINY | {name: TINY[name][None]}) != whole
    assert checksum({k if k != name else "z": v for k, v in TINY.items()}) != whole
    assert checksum({k: v for k, v in TINY.items() if k != name}) != whole


# --- downloads --------------------------------------------------------------------------


@pytest.fixture
def serve(monkeypatch):
    """Start local web servers, each of which treats every request as the function says."""
    monkeypatch.setenv("NO_PROXY", "*")
    servers = []

    def start(answer):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                answer(self)

            def log_message(self, *words):
                pass

        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}/mnist.npz"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def deliver(body, length=None):
    """Answer with this body; `length` announces another length, 0 none at all."""

    def answer(handler):
        handler.send_response(200)
        if length != 0:
            handler.send_header("Content-Length", str(length or len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def fail(status):
    return lambda handler: handler.send_error(status)


def hang_up(handler):
    handler.connection.shutdown(socket.SHUT_RDWR)


def nobody_listens():
    """An address at which no server answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/mnist.npz"


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_download_is_stored_once_and_needs_no_network_again(tiny, serve, monkeypatch):
    asked = []

    def count(handler):
        asked.append(handler.path)
        deliver(BODY)(handler)

    monkeypatch.setattr(data, "FULL_SOURCES", (serve(count), nobody_listens()))
    assert holds_tiny(load_mnist("full"))
    assert names(tiny) == ["mnist.npz"] and asked == ["/mnist.npz"]
    assert (tiny / "mnist.npz").read_bytes() == BODY
    monkeypatch.setattr(data, "FULL_SOURCES", (nobody_listens(),))
    digits = load_mnist("full")
    assert holds_tiny(digits) and "cache" in digits.source and len(asked) == 1


@pytest.mark.parametrize(
    "answer, reason",
    [
        (deliver(BODY[:9_000], length=len(BODY)), "Connection broken|IncompleteRead"),
        (deliver(BODY[:9_000], length=0), "cannot be read as an npz file"),
        (deliver(b"<html>Sign in to this network</html>"), "cannot be read as an npz"),
        (deliver(b""), "cannot be read as an npz file"),
        (deliver(OTHER_DATA["other pixels"]), "other data than expected.*checksum"),
        (fail(503), "503"),
        (fail(404), "404"),
        (hang_up, "Connection"),
    ],
    ids=["cut", "cut silently", "sign-in page", "empty", "wrong", "503", "404", "hang up"],
)
def test_a_failed_download_says_why_and_leaves_nothing(
    tiny, serve, monkeypatch, answer, reason
):
    url = serve(answer)
    monkeypatch.setattr(data, "FULL_SOURCES", (url,))
    match = f"(?s)could not be downloaded.*{url}.*({reason}).*Connect.*LESSONLIB_DATA"
    with pytest.raises(OSError, match=match):
        load_mnist("full")
    assert names(tiny) == []


def test_without_a_network_both_sources_are_named(tiny, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")
    urls = nobody_listens(), nobody_listens()
    monkeypatch.setattr(data, "FULL_SOURCES", urls)
    match = f"{urls[0]}.*{urls[1]}.*Connect, .*try again.*small data need no network"
    with pytest.raises(OSError, match=match):
        load_mnist("full")
    assert names(tiny) == []


@pytest.mark.parametrize("first", [fail(503), deliver(OTHER_DATA["other pixels"]), None])
def test_the_second_source_serves_when_the_first_fails(tiny, serve, monkeypatch, first):
    urls = serve(first) if first else nobody_listens(), serve(deliver(BODY))
    monkeypatch.setattr(data, "FULL_SOURCES", urls)
    assert holds_tiny(load_mnist("full"))
    assert names(tiny) == ["mnist.npz"]


@pytest.mark.parametrize("fault", ["half", "bare array", "encrypted"])
def test_a_damaged_cache_is_replaced(tiny, serve, monkeypatch, fault):
    tiny.mkdir()
    (tiny / "mnist.npz").write_bytes(UNREADABLE[fault])
    monkeypatch.setattr(data, "FULL_SOURCES", (serve(deliver(BODY)),))
    assert holds_tiny(load_mnist("full"))
    assert names(tiny) == ["mnist.npz"] and (tiny / "mnist.npz").read_bytes() == BODY


def break_off(monkeypatch, error):
    """Make downloads write half a file, then fail with this error."""

    def downloader(**options):
        def download(url, path, _):
            Path(path).write_bytes(BODY[: len(BODY) // 2])
            raise error

        return download

    monkeypatch.setattr(pooch, "HTTPDownloader", downloader)
    monkeypatch.setattr(data, "FULL_SOURCES", ("http://127.0.0.1/mnist.npz",))


def test_an_interrupted_download_leaves_nothing(tiny, monkeypatch):
    break_off(monkeypatch, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        load_mnist("full")
    assert names(tiny) == []


def test_a_disk_that_fills_up_is_named_and_nothing_is_left(tiny, monkeypatch):
    break_off(monkeypatch, OSError(errno.ENOSPC, "No space left on device"))
    with pytest.raises(OSError, match="No space left.*folder.*LESSONLIB_DATA"):
        load_mnist("full")
    assert names(tiny) == []


def test_a_file_that_cannot_be_moved_into_place_leaves_nothing(tiny, serve, monkeypatch):
    (tiny / "mnist.npz" / "in the way").mkdir(parents=True)
    monkeypatch.setattr(data, "FULL_SOURCES", (serve(deliver(BODY)),))
    with pytest.raises(OSError, match="could not be downloaded.*LESSONLIB_DATA"):
        load_mnist("full")
    assert names(tiny) == ["mnist.npz"]


def test_a_cache_that_cannot_be_written_is_named(tiny):
    tiny.write_text("a file where the folder should be")
    match = (
        r"cache folder .*cache cannot be written \(.+\).*Make it writable.*LESSONLIB_DATA"
    )
    with pytest.raises(OSError, match=match):
        load_mnist("full")


def test_a_full_disk_is_named_before_the_download(tiny, monkeypatch):
    def refuse(*arguments, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(data.tempfile, "TemporaryDirectory", refuse)
    with pytest.raises(OSError, match="No space left on device.*free some disk"):
        load_mnist("full")


LOADER = f"""
import sys
from pathlib import Path
from lessonlib import data

data.FULL_SHAPES, data.FULL_CHECKSUM = {SHAPES}, {checksum(TINY)!r}
data.FULL_SOURCES, folder = sys.argv[1:2], Path(sys.argv[2])
data._cache_folder = lambda: folder
digits = data.load_mnist("full")
print(data.checksum(dict(x=digits.x_train, y=digits.y_test)))
"""


def test_two_processes_may_download_at_once(tiny, serve):
    meet = threading.Barrier(2)

    def slowly(handler):
        """Go on only when both have asked, and again when both have half of the file."""
        meet.wait(30)
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(BODY)))
        handler.end_headers()
        handler.wfile.write(BODY[:9_000])
        meet.wait(30)
        handler.wfile.write(BODY[9_000:])

    command = [sys.executable, "-c", LOADER, serve(slowly), str(tiny)]
    both = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(2)
    ]
    answers = [process.communicate(timeout=60) for process in both]
    expected = dict(
        x=(TINY["x_train"].astype("float32") / 255), y=LABELS[:10].astype("int64")
    )
    for out, err in answers:
        assert out.decode().strip() == checksum(expected), err.decode()
    assert names(tiny) == ["mnist.npz"] and (tiny / "mnist.npz").read_bytes() == BODY


def test_the_cache_is_a_folder_of_this_user():
    folder = data._cache_folder()
    assert folder.is_absolute() and "lessonlib" in folder.parts


def test_embedded_digits_are_the_first_500_of_each_in_the_full_data(monkeypatch):
    if not (SHARED_MNIST / "mnist.npz").is_file():
        pytest.skip("needs the full MNIST, and there is no ../shared/datasets/mnist.npz")
    monkeypatch.setenv("LESSONLIB_DATA", str(SHARED_MNIST))
    full, small = load_mnist("full", valid=1_000), load_mnist("small")
    assert [len(x) for x in (full.x_train, full.x_valid)] == [59_000, 1_000]
    assert full.x_test.shape == (10_000, 28, 28)
    assert np.bincount(full.y_valid).tolist() == [100] * 10
    for digit in range(10):
        first = full.x_train[full.y_train == digit][:500]
        ours = small.x_train[small.y_train == digit], small.x_test[small.y_test == digit]
        assert np.array_equal(np.concatenate(ours), first)


# --- printed characters -----------------------------------------------------------------


def test_letters_come_once_in_each_font_as_test_images():
    letters = load_letters()
    fonts = len(letters.x_test) // 52
    assert fonts >= 10 and f"{fonts} DejaVu fonts" in letters.source
    assert letters.x_test.shape == (52 * fonts, 28, 28)
    assert letters.x_test.dtype == np.float32 and letters.y_test.dtype == np.int64
    assert letters.y_test.tolist() == [*range(52)] * fonts
    assert len(letters.x_train) == len(letters.x_valid) == 0
    assert letters.flat.x_test.shape == (52 * fonts, 784)
    assert letters.x_test.min() == 0 and 0.9 < letters.x_test.max() <= 1


@settings(deadline=None, max_examples=25)
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=4))
def test_characters_are_fitted_to_20_pixels_and_centred_by_mass(characters):
    characters = "".join(dict.fromkeys(characters))
    letters = load_letters(characters)
    for image in letters.x_test:
        rows, columns = np.nonzero(image.max(axis=1))[0], np.nonzero(image.max(axis=0))[0]
        assert max(np.ptp(rows), np.ptp(columns)) in (18, 19)  # a faint edge may round to 0
        for centre, used in zip(
            ndimage.center_of_mass(image), (rows, columns), strict=True
        ):
            assert abs(centre - 13.5) <= 0.51 or {0, 27} & set(used)


def test_labels_are_positions_in_the_given_characters():
    both, digit = load_letters("7A"), load_letters("7")
    assert np.array_equal(both.x_test[both.y_test == 0], digit.x_test)
    assert np.array_equal(both.x_test[both.y_test == 1], load_letters("A").x_test)


def test_a_dash_is_wide_and_a_bar_is_tall():
    letters = load_letters("-|")
    ink, dash = letters.x_test > 0.5, letters.y_test == 0
    heights, widths = ink.any(axis=2).sum(axis=1), ink.any(axis=1).sum(axis=1)
    assert (widths > heights)[dash].all() and (widths < heights)[~dash].all()


@pytest.mark.parametrize(
    "characters", ["", " ", "A B", "A\n", "AA", "abca", 5, ["A"], b"A"]
)
def test_impossible_characters_are_refused(characters):
    with pytest.raises(ValueError, match="characters is .*; expected (some|no blank)"):
        load_letters(characters)


@pytest.mark.parametrize("character", ["\u200b", "中", "\U0001f600"])
def test_a_character_that_the_fonts_cannot_draw_is_refused(character):
    """No ink, or the empty box that stands for what a font lacks."""
    with pytest.raises(ValueError, match=r"DejaVu.*; choose another"):
        load_letters(character)


# --- the curve --------------------------------------------------------------------------

PARTS = ("train", "valid", "test")


@settings(deadline=None)
@given(st.integers(10, 400), st.integers(0, 2**32))
def test_the_curve_follows_its_formula_in_every_part(size, seed):
    curve = make_curve(size, seed)
    parts = [(getattr(curve, f"x_{p}"), getattr(curve, f"z_{p}")) for p in PARTS]
    for (x, z), share in zip(parts, (0.8, 0.1, 0.1), strict=True):
        assert x.dtype == z.dtype == np.float32
        assert x.shape == (len(z), 4) and abs(len(z) - share * size) < 1
        assert (np.abs(z) <= 5).all()
        wide = z.astype("float64")
        formula = np.stack([wide * wide, wide**3, np.sin(wide), np.exp(wide)], axis=1)
        assert np.allclose(x, formula, rtol=1e-5, atol=1e-6)
    assert sum(len(z) for _, z in parts) == size


def test_the_hidden_number_is_spread_evenly():
    curve = make_curve()
    assert len(curve.z_train) == 9_600
    counts, _ = np.histogram(curve.z_train, bins=10, range=(-5, 5))
    assert np.abs(counts - 960).max() < 6 * np.sqrt(960 * 0.9)
    assert "12000 rows, seed 0" in curve.source


def test_the_curve_depends_on_its_seed_alone():
    first, again, other = make_curve(50), make_curve(50), make_curve(50, seed=1)
    assert np.array_equal(first.x_test, again.x_test)
    assert not np.isin(first.z_train, other.z_train).any()


@settings(deadline=None)
@given(st.integers(10, 400), st.integers(0, 1_000))
def test_scaled_uses_the_training_rows_and_unscale_undoes_it(size, seed):
    curve = make_curve(size, seed)
    scaled = curve.scaled
    mean = curve.x_train.astype("float64").mean(axis=0)
    sd = curve.x_train.astype("float64").std(axis=0)
    for part in PARTS:
        x, rows = getattr(curve, f"x_{part}"), getattr(scaled, f"x_{part}")
        assert rows.dtype == np.float32
        assert np.allclose(rows, (x - mean) / sd, atol=1e-3)
        back = curve.unscale(rows)
        assert back.dtype == np.float32 and np.allclose(back, x, rtol=1e-4, atol=1e-3)
        assert getattr(scaled, f"z_{part}") is getattr(curve, f"z_{part}")


@pytest.mark.parametrize("size", [9, 0, -5, 10.0, "12", None, True, np.nan])
def test_an_impossible_size_of_the_curve_is_refused(size):
    with pytest.raises(ValueError, match=r"size is .*; expected a whole number from 10"):
        make_curve(size)


@pytest.mark.parametrize("shape", [(4,), (3, 5), (2, 3, 4)])
def test_unscale_wants_four_columns(shape):
    with pytest.raises(ValueError, match=r"expected \(n, 4\). Pass the output of a model"):
        make_curve(10).unscale(np.zeros(shape))
