//! Drawings: floor plans and site plans with walls, doors, labels and measures, as placed items.

use crate::fonts::Face;
use crate::letter::Item;
use crate::rng::Rng;

/// Corners of the space for a drawing: left, top, right, bottom, in points.
type Area = (f32, f32, f32, f32);

const WALL: f32 = 2.2;
const FINE: f32 = 0.6;
/// Most lots along one side of the street of a site plan.
const LOTS: usize = 9;

/// A floor plan with these rooms, parted by commas, in two columns.
pub fn floor(rooms: &str, (left, top, right, bottom): Area, label_size: f32) -> Vec<Item> {
    let mut rng = Rng::named(rooms);
    let rooms: Vec<_> = rooms.split(',').map(str::trim).collect();
    let rows = rooms.len().div_ceil(2).max(1);
    let (x0, x1, y0) = (left + 46.0, right - 10.0, top + 10.0);
    let y1 = (bottom - 60.0).min(y0 + rows as f32 * 150.0);
    let middle = x0 + (x1 - x0) * rng.between(0.42, 0.58);
    let step = (y1 - y0) / rows as f32;
    let mut items = Vec::new();
    // Outer walls are drawn as two strokes.
    for gap in [0.0, 7.0] {
        frame(&mut items, (x0 - gap, y0 - gap, x1 + gap, y1 + gap), WALL);
    }
    wall_with_door(&mut items, (middle, y0), (middle, y1), &mut rng);
    for row in 0..rows {
        let y = y0 + row as f32 * step;
        if row > 0 {
            wall_with_door(&mut items, (x0, y), (middle, y), &mut rng);
            items.push(Item::Line { from: (middle, y), to: (x1, y), width: WALL });
        }
        for (side, name) in rooms.iter().skip(row * 2).take(2).enumerate() {
            let x = if side == 0 { x0 } else { middle } + 16.0;
            let area = format!("{},{:02} m²", rng.whole(8, 24), rng.whole(0, 99));
            items.push(label(x, y + step * 0.45, label_size, name));
            items.push(label(x, y + step * 0.45 + label_size * 1.5, label_size, &area));
        }
        let measure = format!("{},{:02}", rng.whole(2, 5), rng.whole(1, 99));
        items.push(label(left, y + step / 2.0, label_size * 0.85, &measure));
    }
    measure_line(&mut items, (x0, y1 + 28.0), x1, label_size, &mut rng);
    items
}

/// A site plan with lots on both sides of this street; the lot with the cross is the one applied for.
pub fn site(street: &str, (left, top, right, bottom): Area) -> Vec<Item> {
    let mut rng = Rng::named(street);
    let mut items = Vec::new();
    frame(&mut items, (left, top, right, bottom), WALL);
    let (road_top, road_bottom) = (top + (bottom - top) * 0.44, top + (bottom - top) * 0.55);
    for y in [road_top, road_bottom] {
        items.push(Item::Line { from: (left, y), to: (right, y), width: 1.4 });
    }
    items.push(label(left + (right - left) * 0.4, (road_top + road_bottom) / 2.0 + 8.0, 26.0, street));
    let lot = (right - left) / LOTS as f32;
    for (y0, y1) in [(top, road_top), (road_bottom, bottom)] {
        for i in 0..LOTS {
            let x = left + lot * i as f32;
            items.push(Item::Line { from: (x, y0), to: (x + rng.between(-6.0, 6.0), y1), width: FINE });
            house(&mut items, (x, y0, x + lot, y1), &mut rng);
        }
    }
    let (x, y) = (left + lot * 4.5, road_top - 60.0);
    for (dx, dy) in [(-18.0, -18.0), (-18.0, 18.0)] {
        items.push(Item::Line { from: (x + dx, y + dy), to: (x - dx, y - dy), width: WALL });
    }
    items
}

fn house(items: &mut Vec<Item>, (x0, y0, x1, y1): Area, rng: &mut Rng) {
    let (w, h) = (x1 - x0, y1 - y0);
    let (left, top) = (x0 + w * rng.between(0.15, 0.3), y0 + h * rng.between(0.2, 0.4));
    let (right, bottom) = (left + w * rng.between(0.4, 0.5), top + h * rng.between(0.2, 0.3));
    frame(items, (left, top, right, bottom), 1.6);
    let mut x = left + 8.0;
    while x < right {
        items.push(Item::Line { from: (x, top), to: (x, bottom), width: FINE });
        x += 12.0;
    }
    let parcel = format!("{}/{}", rng.whole(100, 480), rng.whole(1, 9));
    items.push(label(x0 + w * 0.3, y0 + h * 0.85, 18.0, &parcel));
}

fn frame(items: &mut Vec<Item>, (x0, y0, x1, y1): Area, width: f32) {
    for (from, to) in [((x0, y0), (x1, y0)), ((x1, y0), (x1, y1)), ((x1, y1), (x0, y1)), ((x0, y1), (x0, y0))]
    {
        items.push(Item::Line { from, to, width });
    }
}

/// A wall with an opening; the leaf of the door stands open.
fn wall_with_door(items: &mut Vec<Item>, from: (f32, f32), to: (f32, f32), rng: &mut Rng) {
    let along = |t: f32| (from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * t);
    let length = (to.0 - from.0).hypot(to.1 - from.1).max(1.0);
    let open = rng.between(0.62, 0.72);
    let hinge = along(open);
    items.push(Item::Line { from, to: hinge, width: WALL });
    items.push(Item::Line { from: along(open + 34.0 / length), to, width: WALL });
    items.push(Item::Line { from: hinge, to: (hinge.0 + 22.0, hinge.1 + 24.0), width: FINE });
}

fn measure_line(items: &mut Vec<Item>, (x0, y): (f32, f32), x1: f32, size: f32, rng: &mut Rng) {
    items.push(Item::Line { from: (x0, y), to: (x1, y), width: FINE });
    for x in [x0, x1] {
        items.push(Item::Line { from: (x - 3.0, y + 4.0), to: (x + 3.0, y - 4.0), width: 1.0 });
    }
    let text = format!("{},{:02} m", rng.whole(8, 14), rng.whole(1, 99));
    items.push(label((x0 + x1) / 2.0 - 20.0, y - 4.0, size, &text));
}

fn label(x: f32, y: f32, size: f32, text: &str) -> Item {
    Item::Text { x, y, size, face: Face::Sans, text: text.to_owned() }
}
