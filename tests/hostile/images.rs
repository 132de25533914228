//! Hostile pictures: sizes no memory holds, tables of contents in circles, data that grow, seeds with some bytes wrong.

use super::{Corpus, deflated, intake_material as material};

fn png_chunk(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let named = [&kind[..], content].concat();
    [&u32::try_from(content.len()).unwrap().to_be_bytes()[..], &named, &material::crc32(&named).to_be_bytes()]
        .concat()
}

/// A PNG of that size, depth and colour, with these chunks.
fn png(size: (u32, u32), depth: u8, colour: u8, interlaced: u8, chunks: &[Vec<u8>]) -> Vec<u8> {
    let head =
        [&size.0.to_be_bytes()[..], &size.1.to_be_bytes(), &[depth, colour, 0, 0, interlaced]].concat();
    [b"\x89PNG\r\n\x1a\n".to_vec(), png_chunk(b"IHDR", &head), chunks.concat(), png_chunk(b"IEND", b"")]
        .concat()
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    [&[0xFF, marker][..], &u16::try_from(content.len() + 2).unwrap().to_be_bytes(), content].concat()
}

/// The beginning of a JPEG whose frame says this.
fn jpeg_head(marker: u8, (width, height): (u16, u16), components: u8) -> Vec<u8> {
    let mut frame = vec![8];
    frame.extend_from_slice(&height.to_be_bytes());
    frame.extend_from_slice(&width.to_be_bytes());
    frame.push(components);
    (1..=components).for_each(|id| frame.extend_from_slice(&[id, 0x11, 0]));
    let quantisation = segment(0xDB, &[&[0][..], &[1; 64]].concat());
    // One code of one bit for the symbol 0, in both tables.
    let code = |class: u8| segment(0xC4, &[&[class, 1][..], &[0; 15], &[0]].concat());
    [vec![0xFF, 0xD8], quantisation, segment(marker, &frame), code(0x00), code(0x10)].concat()
}

fn scan(components: u8, (from, to): (u8, u8)) -> Vec<u8> {
    let mut head = vec![components];
    (1..=components).for_each(|id| head.extend_from_slice(&[id, 0]));
    head.extend_from_slice(&[from, to, 0]);
    segment(0xDA, &head)
}

/// A small TIFF with these tags (tag, type, count, value) and the next directory there.
fn tiff(tags: &[(u16, u16, u32, u32)], next: u32, behind: &[u8]) -> Vec<u8> {
    let mut out = b"II*\0\x08\0\0\0".to_vec();
    out.extend_from_slice(&u16::try_from(tags.len()).unwrap().to_le_bytes());
    for (tag, kind, count, value) in tags {
        out.extend_from_slice(&tag.to_le_bytes());
        out.extend_from_slice(&kind.to_le_bytes());
        out.extend_from_slice(&count.to_le_bytes());
        out.extend_from_slice(&value.to_le_bytes());
    }
    out.extend_from_slice(&next.to_le_bytes());
    out.extend_from_slice(behind);
    out
}

/// The tags of a grey page of that size, compressed like this, whose strip is what lies behind.
fn grey((width, height): (u32, u32), compression: u32, length: u32) -> Vec<(u16, u16, u32, u32)> {
    let at = 8 + 2 + 9 * 12 + 4;
    vec![
        (256, 4, 1, width),
        (257, 4, 1, height),
        (258, 3, 1, 8),
        (259, 3, 1, compression),
        (262, 3, 1, 1),
        (273, 4, 1, at),
        (277, 3, 1, 1),
        (278, 4, 1, height),
        (279, 4, 1, length),
    ]
}

fn with(
    mut tags: Vec<(u16, u16, u32, u32)>,
    tag: u16,
    kind: u16,
    count: u32,
    value: u32,
) -> Vec<(u16, u16, u32, u32)> {
    tags.retain(|one| one.0 != tag);
    tags.push((tag, kind, count, value));
    tags.sort_unstable();
    tags
}

pub fn add(corpus: &mut Corpus) {
    pngs(corpus);
    jpegs(corpus);
    tiffs(corpus);
    plans(corpus);
    webs(corpus);
    archives(corpus);
    seeds(corpus);
}

fn pngs(corpus: &mut Corpus) {
    let data = |bytes: &[u8]| png_chunk(b"IDAT", bytes);
    corpus.add("65000.png", material::png_header(65_000, 65_000));
    corpus.add("two-thousand-million.png", png((0x7FFF_FFFF, 0x7FFF_FFFF), 16, 6, 1, &[data(&[])]));
    corpus.add("no-size.png", png((0, 0), 8, 0, 0, &[data(&[])]));
    corpus.add("thin.png", png((20_000_000, 1), 8, 0, 0, &[data(&deflated(0, 20_000_001))]));
    corpus.add("bomb-small.png", png((4_000, 5_000), 8, 2, 0, &[data(&deflated(0, 5_000 * 12_001))]));
    corpus.add_plan("bomb-large.png", png((10_000, 9_900), 8, 2, 0, &[data(&deflated(0, 9_900 * 30_001))]));
    corpus.add("longer-than-said.png", png((9, 9), 8, 0, 0, &[data(&deflated(0, 64 << 20))]));
    corpus.add("interlaced.png", png((5_000, 4_000), 8, 0, 1, &[data(&deflated(0, 21_000_000))]));
    corpus.add("no-palette.png", png((9, 9), 8, 3, 0, &[data(&deflated(7, 90))]));
    corpus.add("depth.png", png((9, 9), 77, 5, 0, &[data(&deflated(0, 90))]));
    let text = |kind, head: &[u8]| png_chunk(kind, &[head, &deflated(b'x', 64 << 20)].concat());
    corpus.add("bomb-text.png", png((9, 9), 8, 0, 0, &[text(b"zTXt", b"a\0\0"), data(&deflated(0, 90))]));
    corpus.add("bomb-profile.png", png((9, 9), 8, 0, 0, &[text(b"iCCP", b"a\0\0"), data(&deflated(0, 90))]));
    corpus.add(
        "film-without-end.png",
        png((9, 9), 8, 0, 0, &[png_chunk(b"acTL", &[0xFF; 8]), data(&deflated(0, 90))]),
    );
    let mut lying = png((9, 9), 8, 0, 0, &[data(&deflated(0, 90))]);
    lying[33..37].copy_from_slice(&[0x7F, 0xFF, 0xFF, 0xFF]);
    corpus.add("chunk-beyond.png", lying);
    corpus.add(
        "chunks.png",
        png((9, 9), 8, 0, 0, &[png_chunk(b"tEXt", b"a\0b").repeat(200_000), data(&deflated(0, 90))]),
    );
}

fn jpegs(corpus: &mut Corpus) {
    corpus.add("65500.jpg", jpeg_head(0xC0, (65_500, 65_500), 3));
    corpus.add("no-size.jpg", jpeg_head(0xC0, (0, 0), 3));
    corpus.add(
        "height-later.jpg",
        [jpeg_head(0xC0, (99, 0), 1), scan(1, (0, 63)), vec![0; 99], segment(0xDC, &[0, 99])].concat(),
    );
    corpus.add("no-data.jpg", jpeg_head(0xC0, (2_000, 2_000), 3));
    corpus
        .add_plan("no-data-progressive.jpg", [jpeg_head(0xC2, (9_900, 9_900), 3), scan(3, (0, 0))].concat());
    corpus.add("components.jpg", jpeg_head(0xC0, (9, 9), 200));
    for (name, marker) in [("lossless", 0xC3), ("arithmetic", 0xC9), ("hierarchical", 0xC5)] {
        corpus.add(
            format!("{name}.jpg"),
            [jpeg_head(marker, (64, 64), 1), scan(1, (0, 63)), vec![0; 64]].concat(),
        );
    }
    let scans = [scan(1, (0, 0)), vec![0; 40]].concat().repeat(2_000);
    corpus.add(
        "two-thousand-scans.jpg",
        [jpeg_head(0xC2, (1_000, 1_000), 1), scans, vec![0xFF, 0xD9]].concat(),
    );
    corpus.add(
        "codes-of-noise.jpg",
        [
            vec![0xFF, 0xD8],
            segment(0xC4, &super::noise(400, 30)),
            jpeg_head(0xC0, (64, 64), 1)[2..].to_vec(),
            scan(1, (0, 63)),
            super::noise(900, 31),
        ]
        .concat(),
    );
    corpus.add(
        "restarts.jpg",
        [
            jpeg_head(0xC0, (512, 512), 1),
            segment(0xDD, &[0, 1]),
            scan(1, (0, 63)),
            [0xFF, 0xD0].repeat(50_000),
        ]
        .concat(),
    );
    let exif = b"Exif\0\0II*\0\x08\0\0\0\x02\0\x12\x01\x03\0\x01\0\0\0\x63\0\0\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0";
    corpus.add(
        "details-in-a-circle.jpg",
        [
            vec![0xFF, 0xD8],
            segment(0xE1, exif),
            jpeg_head(0xC0, (64, 64), 1)[2..].to_vec(),
            scan(1, (0, 63)),
            vec![0; 64],
        ]
        .concat(),
    );
    corpus.add(
        "segments.jpg",
        [vec![0xFF, 0xD8], segment(0xFE, b"x").repeat(300_000), jpeg_head(0xC0, (64, 64), 1)[2..].to_vec()]
            .concat(),
    );
}

fn tiffs(corpus: &mut Corpus) {
    let strip = vec![0; 81];
    corpus.add("circle.tif", tiff(&grey((9, 9), 1, 81), 8, &strip));
    corpus.add("next-beyond.tif", tiff(&grey((9, 9), 1, 81), 0xFFFF_FFF0, &strip));
    corpus.add("65000.tif", tiff(&grey((65_000, 65_000), 1, 81), 0, &strip));
    corpus.add("strip-beyond.tif", tiff(&with(grey((9, 9), 1, 81), 273, 4, 1, 0xFFFF_FFF0), 0, &strip));
    corpus.add("strips-without-end.tif", tiff(&with(grey((9, 9), 1, 81), 273, 4, 0x3FFF_FFFF, 8), 0, &strip));
    corpus.add("length-huge.tif", tiff(&grey((9, 9), 1, u32::MAX), 0, &strip));
    corpus.add("samples.tif", tiff(&with(grey((9, 9), 1, 81), 277, 3, 1, 65_535), 0, &strip));
    corpus.add("bits.tif", tiff(&with(grey((9, 9), 1, 81), 258, 3, 1, 64), 0, &strip));
    corpus.add("turned.tif", tiff(&with(grey((9, 9), 1, 81), 262, 3, 1, 99), 0, &strip));
    for compression in [2, 3, 4, 5, 6, 7, 8, 32_773, 34_661, 34_712, 34_925, 50_000, 50_002, 65_535] {
        let noise = super::noise(4_000, 40 + u64::from(compression));
        corpus
            .add(format!("noise-{compression}.tif"), tiff(&grey((600, 600), compression, 4_000), 0, &noise));
    }
    let bomb = deflated(0, 64 << 20);
    corpus.add("bomb.tif", tiff(&grey((4_000, 4_000), 8, u32::try_from(bomb.len()).unwrap()), 0, &bomb));
    corpus.add("fax-wide.tif", tiff(&with(grey((90_000_000, 1), 4, 81), 258, 3, 1, 1), 0, &strip));
    let mut tiles = with(grey((9_000, 9_000), 1, 81), 322, 4, 1, 1);
    tiles = with(with(with(tiles, 323, 4, 1, 1), 324, 4, 1, 8), 325, 4, 1, 1);
    corpus.add("tiles-of-one-pixel.tif", tiff(&tiles, 0, &strip));
    let mut chain = b"II*\0\x08\0\0\0".to_vec();
    for _ in 0..60_000_u32 {
        let next = u32::try_from(chain.len() + 6).unwrap();
        chain.extend_from_slice(&[0, 0]);
        chain.extend_from_slice(&next.to_le_bytes());
    }
    corpus.add("pages-without-anything.tif", chain[..8 + 6 * 40].to_vec());
    corpus.add("big.tif", [&b"II+\0\x08\0\0\0"[..], &[0xFF; 8], &[0; 64]].concat());
    corpus.add("tags.tif", [&b"MM\0*\0\0\0\x08\xFF\xFF"[..], &[0xAA; 5_000]].concat());
}

/// Images that say they are just small enough to be taken in rows: 576 megapixels.
fn plans(corpus: &mut Corpus) {
    const SIDE: u16 = 24_000;
    let size = (u32::from(SIDE), u32::from(SIDE));
    // A bit a pixel, and what says how a row was predicted.
    let rows = deflated(0, usize::from(SIDE) * (usize::from(SIDE) / 8 + 1));
    corpus.add_plan("plan-black.png", png(size, 1, 0, 0, &[png_chunk(b"IDAT", &rows)]));
    corpus.add_plan("plan-interlaced.png", png(size, 1, 0, 1, &[png_chunk(b"IDAT", &rows)]));
    corpus.add_plan("plan-no-data.png", png(size, 1, 0, 0, &[]));
    corpus.add_plan("plan-no-data.jpg", [jpeg_head(0xC0, (SIDE, SIDE), 3), scan(3, (0, 63))].concat());
    corpus.add_plan("plan-progressive.jpg", [jpeg_head(0xC2, (SIDE, SIDE), 3), scan(3, (0, 0))].concat());
    corpus.add_plan(
        "plan-noise.jpg",
        [jpeg_head(0xC0, (SIDE, SIDE), 3), scan(3, (0, 63)), super::noise(20_000, 32)].concat(),
    );
    let bits = |compression: u32, bytes: &[u8]| {
        with(grey(size, compression, u32::try_from(bytes.len()).unwrap()), 258, 3, 1, 1)
    };
    // Stripes: more pieces of ink than any drawing has.
    let stripes = deflated(0x88, usize::from(SIDE) * usize::from(SIDE) / 8);
    corpus.add_plan("plan-stripes.tif", tiff(&bits(8, &stripes), 0, &stripes));
    for compression in [1, 3, 4, 5, 7, 8, 32_773] {
        let noise = super::noise(40_000, 90 + u64::from(compression));
        corpus.add_plan(format!("plan-noise-{compression}.tif"), tiff(&bits(compression, &noise), 0, &noise));
    }
    let mut tiles = with(grey(size, 1, 81), 322, 4, 1, 1);
    tiles = with(with(with(tiles, 323, 4, 1, 24_000), 324, 4, 1, 8), 325, 4, 1, 1);
    corpus.add_plan("plan-tiles-of-one-pixel.tif", tiff(&tiles, 0, &[0; 81]));
}

fn webs(corpus: &mut Corpus) {
    let gif = |size: [u8; 4], blocks: &[u8]| {
        [&b"GIF89a"[..], &size, &[0x80, 0, 0, 0, 0, 0, 255, 255, 255], blocks].concat()
    };
    let picture = |size: [u8; 4], data: &[u8]| [&b",\0\0\0\0"[..], &size, &[0, 2], data, b"\0"].concat();
    let small = [9, 0, 9, 0];
    corpus.add("65535.gif", gif([0xFF; 4], &picture(small, b"\x02\x4C\x01")));
    corpus.add("picture-65535.gif", gif(small, &picture([0xFF; 4], b"\x02\x4C\x01")));
    corpus.add("no-size.gif", gif([0; 4], &picture([0; 4], b"\x02\x4C\x01")));
    corpus.add("no-pictures.gif", gif(small, b";"));
    corpus.add("pictures-without-end.gif", gif(small, &picture(small, b"\x02\x4C\x01").repeat(100_000)));
    corpus.add("extensions.gif", gif(small, &b"!\xFE\x01x\0".repeat(200_000)));
    corpus.add(
        "codes-of-noise.gif",
        gif(small, &picture(small, &[&b"\xFF"[..], &super::noise(255, 50)].concat())),
    );
    corpus.add("code-size.gif", gif(small, b",\0\0\0\0\x09\0\x09\0\0\xFF\x02\x4C\x01\0;"));
    corpus.add(
        "cut-off.gif",
        gif([0x10, 0x27, 0x10, 0x27], &picture([0x10, 0x27, 0x10, 0x27], b"\x02\x4C\x01")[..10]),
    );
    let chunk =
        |kind: &[u8; 4], length: u32, content: &[u8]| [&kind[..], &length.to_le_bytes(), content].concat();
    let riff = |content: Vec<u8>| {
        chunk(b"RIFF", u32::try_from(content.len() + 4).unwrap(), &[b"WEBP".to_vec(), content].concat())
    };
    let canvas = |flags: u8, content: Vec<u8>| {
        riff([chunk(b"VP8X", 10, &[flags, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]), content].concat())
    };
    corpus.add("16383.webp", riff(chunk(b"VP8L", 10, &[0x2F, 0xFE, 0xBF, 0xFF, 0x0F, 0, 0, 0, 0, 0])));
    corpus.add("canvas.webp", canvas(0, chunk(b"VP8L", 6, &[0x2F, 0, 0, 0, 0, 0])));
    corpus
        .add("chunk-beyond.webp", riff(chunk(b"VP8 ", u32::MAX, &[0x10, 0, 0, 0x9D, 1, 0x2A, 64, 0, 64, 0])));
    corpus.add("details-beyond.webp", canvas(8, chunk(b"EXIF", u32::MAX - 1, b"x")));
    corpus.add(
        "film-of-nothing.webp",
        canvas(2, [chunk(b"ANIM", 6, &[0; 6]), chunk(b"ANMF", 24, &[0; 24])].concat()),
    );
    corpus.add(
        "film-beyond.webp",
        canvas(2, [chunk(b"ANIM", 6, &[0; 6]), chunk(b"ANMF", 0x7FFF_FFFE, &[0xFF; 40])].concat()),
    );
    for seed in 60..66 {
        // Small sides, and codes that no table was made for.
        let stream = [&[0x2F, 0x3F, 0xC0, 0x0F, 0][..], &super::noise(600, seed)].concat();
        corpus.add(format!("codes-of-noise-{seed}.webp"), riff(chunk(b"VP8L", 606, &stream)));
        let stream = [&[0x10, 0x10, 0, 0x9D, 1, 0x2A, 64, 0, 64, 0][..], &super::noise(600, seed)].concat();
        corpus.add(format!("film-frame-of-noise-{seed}.webp"), riff(chunk(b"VP8 ", 610, &stream)));
    }
}

/// JPEG 2000 and HEIC.
fn archives(corpus: &mut Corpus) {
    let stream = |size: [u32; 8], components: u16| {
        let mut content = vec![0, 0];
        size.iter().for_each(|number| content.extend_from_slice(&number.to_be_bytes()));
        content.extend_from_slice(&components.to_be_bytes());
        content.extend_from_slice(&[7, 1, 1].repeat(usize::from(components)));
        let coding = segment(0x52, &[0, 0, 0, 1, 0, 5, 4, 4, 0, 1]);
        let steps = segment(0x5C, &[&[0x40][..], &[0x48; 16]].concat());
        [vec![0xFF, 0x4F], segment(0x51, &content), coding, steps].concat()
    };
    let part =
        |length: u32| [&[0xFF, 0x90, 0, 10, 0, 0][..], &length.to_be_bytes(), &[0, 1, 0xFF, 0x93]].concat();
    let page = [600, 600, 0, 0, 600, 600, 0, 0];
    corpus.add("60000.j2k", stream([60_000, 60_000, 0, 0, 60_000, 60_000, 0, 0], 3));
    corpus.add("no-size.j2k", stream([9, 9, 9, 9, 9, 9, 0, 0], 1));
    corpus.add("tiles-of-one-pixel.j2k", stream([9_000, 9_000, 0, 0, 1, 1, 0, 0], 1));
    corpus.add("tiles-of-nothing.j2k", stream([600, 600, 0, 0, 0, 0, 0, 0], 1));
    corpus.add("components.j2k", [stream([90, 90, 0, 0, 90, 90, 0, 0], 16_384), part(0)].concat());
    corpus.add(
        "white-plan.j2k",
        [stream([9_900, 9_900, 0, 0, 9_900, 9_900, 0, 0], 3), part(0), vec![0; 400], vec![0xFF, 0xD9]]
            .concat(),
    );
    corpus.add("part-of-itself.j2k", [stream(page, 1), part(0).repeat(3)].concat());
    corpus.add("part-too-short.j2k", [stream(page, 1), part(3), vec![0; 99]].concat());
    for seed in 70..74 {
        corpus
            .add(format!("noise-{seed}.j2k"), [stream(page, 3), part(0), super::noise(4_000, seed)].concat());
    }
    let boxed =
        |length: u32, kind: &[u8; 4], content: &[u8]| [&length.to_be_bytes()[..], kind, content].concat();
    let head = b"\0\0\0\x0CjP  \r\n\x87\n\0\0\0\x14ftypjp2 \0\0\0\0jp2 ";
    corpus.add(
        "boxes-of-themselves.jp2",
        [&head[..], &boxed(0, b"jp2h", &boxed(0, b"jp2h", &[])).repeat(1_000)].concat(),
    );
    corpus.add("box-of-64-bits.jp2", [&head[..], &boxed(1, b"jp2c", &[0xFF; 8])].concat());
    corpus.add("boxes.jp2", [&head[..], &boxed(8, b"free", &[]).repeat(200_000)].concat());
    let brand = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic";
    let full = |kind: &[u8; 4], content: &[u8]| {
        boxed(u32::try_from(content.len() + 12).unwrap(), kind, &[&[0; 4][..], content].concat())
    };
    let meta = |content: &[Vec<u8>]| [brand.to_vec(), full(b"meta", &content.concat())].concat();
    let handler = full(b"hdlr", &[&[0; 4][..], b"pict", &[0; 13]].concat());
    corpus.add("brand-alone.heic", brand.to_vec());
    corpus.add("no-items.heic", meta(&[handler.clone(), full(b"pitm", &[0, 1])]));
    corpus.add(
        "items-without-end.heic",
        meta(&[handler.clone(), full(b"pitm", &[0, 1]), full(b"iinf", &[0xFF, 0xFF])]),
    );
    corpus.add(
        "places-without-end.heic",
        meta(&[handler, full(b"pitm", &[0, 1]), full(b"iloc", &[0x44, 0x40, 0xFF, 0xFF, 0, 1, 0xFF, 0xFF])]),
    );
    corpus.add("deep.heic", [&brand[..], &boxed(0, b"meta", &[0; 4]).repeat(100_000)].concat());
}

/// Good pictures with some bytes wrong.
fn seeds(corpus: &mut Corpus) {
    let pattern = image::GrayImage::from_fn(64, 64, |x, y| image::Luma([(x * 7 + y * 13) as u8]));
    let whole: [(&str, Vec<u8>); 7] = [
        ("png", material::png(&pattern)),
        ("jpg", material::jpeg(&pattern)),
        ("tif", material::tiff(&[&pattern, &pattern])),
        ("heic", include_bytes!("../intake_material/word.heic").to_vec()),
        ("webp", include_bytes!("../intake_material/word_lossy.webp").to_vec()),
        ("jp2", include_bytes!("../intake_material/word.jp2").to_vec()),
        ("j2k", include_bytes!("../intake_material/word_colour.j2k").to_vec()),
    ];
    for (ending, whole) in whole {
        for seed in 0..6 {
            let mut bytes = whole.clone();
            // Half of them where the sizes stand.
            let reach = if seed % 2 == 0 { bytes.len() } else { bytes.len().min(500) };
            for pair in super::noise(9, 80 + seed).chunks_exact(3) {
                let at = usize::from(u16::from_be_bytes([pair[0], pair[1]])) % reach;
                bytes[at] = pair[2];
            }
            corpus.add(format!("flipped-{seed}.{ending}"), bytes);
        }
        corpus.add(format!("cut.{ending}"), whole[..whole.len() / 2].to_vec());
    }
}
