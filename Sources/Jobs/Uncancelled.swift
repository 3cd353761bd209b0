/// Runs something to its end, also where the task has been cancelled: in a task of its own, which is waited for.
///
/// For what must not be left half done when the daemon stops; what it calls has deadlines of its own.
func uncancelled<T: Sendable>(_ body: @escaping @Sendable () async -> T) async -> T {
  await Task { await body() }.value
}
