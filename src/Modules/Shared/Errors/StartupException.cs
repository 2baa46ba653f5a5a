namespace Gateway.Shared.Errors;

/// <summary>The process cannot start. The message is the one line that is printed.</summary>
public sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
