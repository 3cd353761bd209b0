/// Answers the calls of one interface.
package protocol VarlinkService: Sendable {
  /// The interface's name, such as `io.invoiced.Jobs`.
  var name: String { get }
  /// The interface file, with its comments.
  var description: String { get }
  /// The methods that it has. Calls of others, calls without `more` where it is needed, and calls with parameters that
  /// do not fit are answered before `handle`; `oneway` calls of a method that changes something are not executed.
  var methods: [any VarlinkMethod.Type] { get }

  /// Answers one call; of one connection, one call at a time.
  ///
  /// Runs in a task that is cancelled when the client leaves or the server stops. When it returns without a last reply,
  /// the reply is `{}`. A thrown `VarlinkError` becomes the error reply. `CancellationError` ends the connection
  /// without a word, any other error does too and is reported to the server's `onFailure`.
  func handle(_ call: VarlinkCall) async throws
}
