using System.Diagnostics;
using System.Text.Json;
using Gateway.LoadTest.Cli;
using Gateway.TestSupport;

namespace Gateway.LoadTest.Tests.EndToEnd;

/// <summary>Runs the built tool as a process.</summary>
internal static class LoadTool
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(3);
    private static readonly string Dll = typeof(LoadOptions).Assembly.Location;

    public static Task<(int ExitCode, string Output)> RunAsync(string reports, Uri gateway, params IEnumerable<string> arguments)
        => RunAsync([.. arguments, "--url", gateway.ToString(), "--secret", GatewayHost.Secret, "--report", reports]);

    public static Task<(int ExitCode, string Output)> RunAsync(params IEnumerable<string> arguments)
        => StartAsync(new ProcessStartInfo("dotnet", ["exec", Dll, .. arguments]));

    /// <summary>The command of the README, from the given folder.</summary>
    public static Task<(int ExitCode, string Output)> DotnetRunAsync(string folder, params IEnumerable<string> arguments)
    {
        // The test's own folder is tests/LoadTest.Tests/bin/<configuration>/<framework>.
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var project = Path.GetFullPath("../../../../LoadTest", AppContext.BaseDirectory);
        string[] run = ["run", "--no-build", "--configuration", configuration, "--project", project, "--", .. arguments];
        return StartAsync(new ProcessStartInfo("dotnet", run) { WorkingDirectory = folder });
    }

    public static JsonElement ReportIn(string folder)
        => JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "report.json"))).RootElement;

    private static async Task<(int ExitCode, string Output)> StartAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        using var tool = Process.Start(start)!;
        var (output, errors) = (tool.StandardOutput.ReadToEndAsync(), tool.StandardError.ReadToEndAsync());
        await Task.WhenAll(output, errors).WaitAsync(Timeout);
        await tool.WaitForExitAsync();
        return (tool.ExitCode, await output + await errors);
    }
}
