using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Generate;
using Gateway.LoadTest.Measure;
using Gateway.LoadTest.Report;
using Gateway.LoadTest.Report.Terminal;

namespace Gateway.LoadTest;

/// <summary>One execution of the tool, from its options to its exit code.</summary>
internal static class LoadSession
{
    private const int Passed = 0;
    private const int Failed = 1;
    public const int CouldNotRun = 2;

    public static async Task<int> RunAsync(LoadOptions options)
    {
        using var cancel = new CancelSignal();
        var display = IDisplay.ForTerminal();
        var startedAt = DateTimeOffset.Now;
        try
        {
            var baseline = options.Baseline is { } path ? EarlierReport.Read(path) : null;
            ReportFiles.CreateFolder(options);
            await using var rounds = await RoundRunner.PrepareAsync(options, display, cancel.Token);
            await rounds.RunAllAsync(cancel.Token);
            if (rounds.Done.Count == 0) return CouldNotRun;
            var findings = Findings.Of(options, rounds.Done, rounds.Notes, startedAt, cancel.IsRequested, baseline) with
            {
                GatewayVersion = rounds.GatewayVersion,
            };
            ConsoleSummary.Write(findings);
            await ReportFiles.WriteAsync(findings);
            return findings.Passed ? Passed : Failed;
        }
        catch (CannotRunException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return CouldNotRun;
        }
        catch (HttpRequestException error)
        {
            await Console.Error.WriteLineAsync($"The operator API could not be read: {error.Message}");
            return Failed;
        }
        catch (OperationCanceledException) when (cancel.IsRequested)
        {
            await Console.Error.WriteLineAsync("Interrupted before the first round ended.");
            return CouldNotRun;
        }
    }
}

/// <summary>A precondition of the run is missing; the tool prints the message and exits with 2.</summary>
internal sealed class CannotRunException(string message) : Exception(message);
