namespace Gateway.Shared.Processes;

/// <summary>
/// What the processes of one gateway tell each other: one text per process and topic. It is a view: nothing that is promised
/// depends on it, and it may lose texts.
/// </summary>
public interface IProcessBoard
{
    /// <summary>Replaces the text of a process; else <see cref="Errors.BackendUnavailableException"/>.</summary>
    Task WriteAsync(string topic, string process, string text);

    /// <summary>The texts of all processes, those of the last day; else <see cref="Errors.BackendUnavailableException"/>.</summary>
    Task<IReadOnlyList<ProcessNote>> ReadAsync(string topic);
}

/// <param name="Process">Its id.</param>
/// <param name="Text">What it wrote last.</param>
/// <param name="Age">How long ago, by one clock for all of them.</param>
public sealed record ProcessNote(string Process, string Text, TimeSpan Age);
