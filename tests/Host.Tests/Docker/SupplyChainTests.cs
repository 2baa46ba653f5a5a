using System.Diagnostics;
using System.Text.Json;
using Gateway.Host.Tests.Architecture;

namespace Gateway.Host.Tests.Docker;

/// <summary>What a build restores and a release contains.</summary>
public sealed class SupplyChainTests
{
    private static readonly string[] Members = ["type", "requested", "resolved", "contentHash", "dependencies"];

    public static TheoryData<string> Projects => [.. Solution.Files(".", "*.csproj").Select(project => project.Path)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_has_a_lock_file_with_a_hash_per_package_and_no_place(string project)
    {
        var file = Path.Combine(Solution.Root, Path.GetDirectoryName(project)!, "packages.lock.json");
        using var json = JsonDocument.Parse(File.ReadAllText(file));
        var packages = json.RootElement.GetProperty("dependencies").EnumerateObject()
            .SelectMany(framework => framework.Value.EnumerateObject()).Select(package => package.Value)
            .Where(package => package.GetProperty("type").GetString() != "Project").ToList();

        packages.ShouldNotBeEmpty();
        packages.ShouldAllBe(package => package.GetProperty("contentHash").GetString()!.Length == 88);
        packages.SelectMany(package => package.EnumerateObject().Select(member => member.Name)).ShouldBeSubsetOf(Members);
        File.ReadAllText(file).ShouldNotContain("://");
    }

    [Fact]
    public async Task Release_is_the_same_everywhere_and_has_no_files_of_development()
    {
        using var host = await EvaluatedAsync("src/Host/Host.csproj", "Configuration=Release");
        var settings = host.RootElement.GetProperty("Items").GetProperty("Content").EnumerateArray()
            .Single(item => item.GetProperty("Identity").GetString() == "appsettings.Development.json");

        settings.GetProperty("CopyToPublishDirectory").GetString().ShouldBe("Never");
        PropertyOf(host, "DebugType").ShouldBe("none");
        PropertyOf(host, "ContinuousIntegrationBuild").ShouldBe("true");
        PropertyOf(host, "EnableSourceControlManagerQueries").ShouldBe("false");
    }

    [Theory]
    [InlineData("CI=true", "true", "")]
    [InlineData("CI=", "", "NU1901;NU1902;NU1903;NU1904")]
    public async Task Packages_are_audited_and_locked_in_CI(string variable, string locked, string warnings)
    {
        using var host = await EvaluatedAsync("src/Host/Host.csproj", variable);

        PropertyOf(host, "NuGetAudit").ShouldBe("true");
        PropertyOf(host, "NuGetAuditMode").ShouldBe("all");
        PropertyOf(host, "RestorePackagesWithLockFile").ShouldBe("true");
        PropertyOf(host, "RestoreLockedMode").ShouldBe(locked);
        var codes = PropertyOf(host, "WarningsNotAsErrors").Split(';');
        string.Join(';', codes.Where(code => code.StartsWith("NU19", StringComparison.Ordinal))).ShouldBe(warnings);
    }

    private static string PropertyOf(JsonDocument project, string name)
        => project.RootElement.GetProperty("Properties").GetProperty(name).GetString()!;

    private static async Task<JsonDocument> EvaluatedAsync(string project, string property)
    {
        string[] properties =
        [
            "DebugType", "ContinuousIntegrationBuild", "EnableSourceControlManagerQueries", "NuGetAudit", "NuGetAuditMode",
            "RestorePackagesWithLockFile", "RestoreLockedMode", "WarningsNotAsErrors",
        ];
        string[] arguments =
        [
            "msbuild", Path.Combine(Solution.Root, project), $"-p:{property}", "-getItem:Content",
            $"-getProperty:{string.Join(',', properties)}",
        ];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(0, output);
        return JsonDocument.Parse(output);
    }
}
