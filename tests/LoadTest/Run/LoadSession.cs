using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Client;
using Gateway.LoadTest.Display;
using Gateway.LoadTest.Report;
using Gateway.LoadTest.Summaries;

namespace Gateway.LoadTest.Run;

/// <summary>One call of the tool, from its options to its exit code.</summary>
internal static class LoadSession
{
    private const int AllWell = 0;
    private const int SomethingIsWrong = 1;
    public const int CouldNotRun = 2;

    public static async Task<int> RunAsync(LoadOptions options)
    {
        using var interruption = new Interruption();
        var display = Displays.ForThisTerminal();
        var began = DateTimeOffset.Now;
        try
        {
            ReportFiles.MakeFolder(options);
            await using var rounds = await RoundRunner.PrepareAsync(options, display, interruption.Token);
            await rounds.RunAllAsync(interruption.Token);
            if (rounds.Done.Count == 0) return CouldNotRun;
            var findings = Findings.Of(options, rounds.Done, rounds.Heard, began, interruption.HasHappened);
            Summary.Write(findings);
            await ReportFiles.WriteAsync(findings);
            return findings.IsWell ? AllWell : SomethingIsWrong;
        }
        catch (CannotRunException reason)
        {
            await Console.Error.WriteLineAsync(reason.Message);
            return CouldNotRun;
        }
        catch (HttpRequestException fault)
        {
            await Console.Error.WriteLineAsync($"The operator API could not be read: {fault.Message}");
            return SomethingIsWrong;
        }
        catch (OperationCanceledException) when (interruption.HasHappened)
        {
            await Console.Error.WriteLineAsync("Interrupted before anything was measured.");
            return CouldNotRun;
        }
    }
}
