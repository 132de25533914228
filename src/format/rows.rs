//! A list that people made as a table: CSV, `;` between columns, UTF-8, a head that names the columns in any order. Read as a
//! whole: the mistakes of all rows are told, and none is taken alone. What a row says is the business of its list.

/// Where each column stands; none if it is not there.
pub(super) type Places<const N: usize> = [Option<usize>; N];

/// Reads a list with these columns. `fits` looks whether the columns that are there are enough, `row` makes something of a line
/// and its trimmed cells; one that is not there is empty.
///
/// # Errors
/// What is wrong, in German, with the line where there is one.
pub(super) fn read<const N: usize, R>(
    text: &str,
    columns: &[&str; N],
    rows_max: usize,
    fits: impl Fn(&Places<N>) -> Result<(), String>,
    mut row: impl FnMut(u64, [&str; N]) -> Result<R, String>,
) -> Result<Vec<R>, Vec<String>> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
    let Ok(head) = reader.headers() else {
        return Err(vec!["die Kopfzeile ist nicht lesbar (UTF-8, Spalten mit ; getrennt)".to_owned()]);
    };
    let places = places(head, columns).and_then(|places| fits(&places).map(|()| places));
    let places = places.map_err(|mistake| vec![mistake])?;
    let (mut rows, mut mistakes) = (Vec::new(), Vec::new());
    for record in reader.records() {
        let Ok(record) = record else {
            mistakes.push(
                "eine Zeile hat nicht so viele Spalten wie die Kopfzeile, oder ist nicht UTF-8".to_owned(),
            );
            break;
        };
        let line = record.position().map_or(0, csv::Position::line);
        let cells = places.map(|at| at.and_then(|at| record.get(at)).unwrap_or_default().trim());
        match row(line, cells) {
            Ok(row) => rows.push(row),
            Err(why) => mistakes.push(format!("Zeile {line}: {why}")),
        }
        if rows.len() + mistakes.len() > rows_max {
            return Err(vec![format!("mehr als {rows_max} Zeilen; teilen Sie die Liste")]);
        }
    }
    if mistakes.is_empty() { Ok(rows) } else { Err(mistakes) }
}

fn places<const N: usize>(head: &csv::StringRecord, columns: &[&str; N]) -> Result<Places<N>, String> {
    if let Some(unknown) = head.iter().find(|name| !columns.contains(&name.trim())) {
        return Err(format!("die Spalte „{unknown}“ ist unbekannt (möglich: {})", columns.join(", ")));
    }
    let mut places = [None; N];
    for (place, name) in places.iter_mut().zip(columns) {
        let mut found = head.iter().enumerate().filter(|(_, column)| column.trim() == *name);
        *place = found.next().map(|(at, _)| at);
        if found.next().is_some() {
            return Err(format!("die Spalte „{name}“ steht zweimal da"));
        }
    }
    Ok(places)
}
