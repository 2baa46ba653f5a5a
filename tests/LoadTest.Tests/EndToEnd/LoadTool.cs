using System.Diagnostics;
using System.Text.Json;
using Gateway.LoadTest.Cli;
using Gateway.TestSupport;

namespace Gateway.LoadTest.Tests.EndToEnd;

/// <summary>The built tool as its users run it: a process with an exit code.</summary>
internal static class LoadTool
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly string Dll = typeof(LoadOptions).Assembly.Location;

    public static async Task<(int ExitCode, string Output)> RunAsync(string reports, Uri gateway, params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Dll, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] always = ["--url", gateway.ToString(), "--secret", GatewayHost.Secret, "--report", reports];
        foreach (var word in always) start.ArgumentList.Add(word);
        using var tool = Process.Start(start)!;
        var output = await Task.WhenAll(tool.StandardOutput.ReadToEndAsync(), tool.StandardError.ReadToEndAsync()).WaitAsync(Patience);
        await tool.WaitForExitAsync();
        return (tool.ExitCode, string.Concat(output));
    }

    public static JsonElement ReportIn(string folder) => JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "report.json"))).RootElement;
}
