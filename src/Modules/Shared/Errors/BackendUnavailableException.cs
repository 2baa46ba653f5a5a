namespace Gateway.Shared.Errors;

/// <summary>
/// A queue, store or cache did not do what it was asked. Never an attempt, never a lost event:
/// the door answers 503, the worker hands the event back.
/// </summary>
public sealed class BackendUnavailableException(string backend, string message, Exception? inner = null)
    : Exception($"{backend}: {message}", inner)
{
    public string Backend { get; } = backend;
}
