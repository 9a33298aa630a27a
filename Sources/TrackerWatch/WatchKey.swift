/// A key that somebody pressed.
package enum WatchKey: Sendable, Hashable {
  /// A letter, digit or other character.
  case character(Character)
  /// A letter with Ctrl.
  case control(Character)
  case up, down, left, right
  case pageUp, pageDown, home, end
  case enter, escape, tab, backspace
}
