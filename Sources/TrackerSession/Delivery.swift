/// What brings the runs that a session writes to the server that they are meant for.
package protocol Delivery: AnyObject {
  /// Starts it, for there is a run; where it goes on already, nothing is done.
  func begin()
  /// Brings what is left. Returns when that is done, or cannot be done now.
  func end()
}
