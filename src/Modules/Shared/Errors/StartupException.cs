namespace Gateway.Shared.Errors;

/// <summary>The process must not run like this. The message is the one line that its owner reads.</summary>
public sealed class StartupException(string message, Exception? inner = null) : Exception(message, inner);
