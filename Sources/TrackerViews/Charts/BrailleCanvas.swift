/// A field of braille characters whose dots are set one by one, and that remembers whose dots they are.
struct BrailleCanvas {
  private(set) var columns: Int
  let rows: Int
  private var cells: [Cell]

  private struct Cell {
    /// Unicode's order: the bits of U+2800 + bits.
    var bits: UInt8 = 0
    /// The one that drew here last.
    var owner = -1
    var isShared = false
    var letter: Character?
  }

  /// - Parameters:
  ///   - columns: characters across, each two dots
  ///   - rows: characters down, each four dots
  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    cells = Array(repeating: Cell(), count: columns * rows)
  }

  /// Sets the dots between two, both included; x to the right, y downwards.
  ///
  /// J. E. Bresenham, "Algorithm for computer control of a digital plotter", IBM Systems Journal 4, 1965.
  mutating func line(from start: (x: Int, y: Int), to end: (x: Int, y: Int), owner: Int) {
    var (x, y) = start
    let (dx, dy) = (abs(end.x - x), -abs(end.y - y))
    let (stepX, stepY) = (x < end.x ? 1 : -1, y < end.y ? 1 : -1)
    var error = dx + dy
    while true {
      set(x, y, owner)
      if x == end.x, y == end.y { return }
      let doubled = 2 * error
      if doubled >= dy {
        error += dy
        x += stepX
      }
      if doubled <= dx {
        error += dx
        y += stepY
      }
    }
  }

  private mutating func set(_ x: Int, _ y: Int, _ owner: Int) {
    let bit: UInt8 = y % 4 == 3 ? 0x40 << UInt8(x % 2) : 1 << UInt8(y % 4 + 3 * (x % 2))
    let index = y / 4 * columns + x / 2
    cells[index].bits |= bit
    if cells[index].owner >= 0, cells[index].owner != owner { cells[index].isShared = true }
    cells[index].owner = owner
  }

  /// Adds empty characters to the right.
  mutating func widen(by count: Int) {
    var wider: [Cell] = []
    for row in 0..<rows {
      wider += cells[row * columns..<(row + 1) * columns]
      wider += Array(repeating: Cell(), count: count)
    }
    cells = wider
    columns += count
  }

  /// Writes a letter to the right of a character, after the letters that are there; of more than `room` the last is `…`.
  ///
  /// - Precondition: there are so many characters to the right
  mutating func letter(
    _ letter: Character, owner: Int, after place: (column: Int, row: Int), room: Int
  ) {
    let start = place.row * columns + place.column + 1
    for index in start..<start + room where cells[index].letter == nil {
      cells[index].letter = letter
      cells[index].owner = owner
      return
    }
    cells[start + room - 1].letter = "…"
  }

  /// Writes a letter on a curve where it is alone in a column's character.
  mutating func letter(_ letter: Character, along owner: Int, column: Int) {
    for row in 0..<rows {
      let index = row * columns + column
      let cell = cells[index]
      guard cell.owner == owner, !cell.isShared, cell.letter == nil else { continue }
      cells[index].letter = letter
      return
    }
  }

  /// A line of characters, each in its owner's colour where there are several.
  func line(_ row: Int, _ style: TextStyle) -> String {
    var line = ""
    var piece = ""
    var pieceOwner = -1
    for cell in cells[row * columns..<(row + 1) * columns] {
      if cell.bits == 0, cell.letter == nil {
        piece += " "
        continue
      }
      if cell.owner != pieceOwner {
        line += style.painted(piece, series: pieceOwner)
        piece = ""
        pieceOwner = cell.owner
      }
      piece.append(cell.letter ?? Character(Unicode.Scalar(0x2800 + UInt32(cell.bits)) ?? " "))
    }
    while piece.last == " " { piece.removeLast() }
    return line + style.painted(piece, series: pieceOwner)
  }
}
