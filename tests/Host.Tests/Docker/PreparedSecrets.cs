using System.Diagnostics;
using Gateway.Host.Tests.Architecture;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.Docker;

/// <summary>What docker/prepare.sh creates, in a folder of its own.</summary>
internal sealed class PreparedSecrets : IDisposable
{
    private readonly TempFolder _folder = new();

    private PreparedSecrets()
    {
        foreach (var file in new[] { "prepare.sh", ".env.example" })
            File.Copy(Path.Combine(Solution.Root, "docker", file), Path.Combine(_folder.Path, file));
    }

    public string Folder => Path.Combine(_folder.Path, "secrets");

    public static async Task<PreparedSecrets> CreateAsync()
    {
        var secrets = new PreparedSecrets();
        await secrets.PrepareAsync();
        return secrets;
    }

    public async Task PrepareAsync()
    {
        using var script = Process.Start("sh", [Path.Combine(_folder.Path, "prepare.sh")]);
        await script.WaitForExitAsync();
        script.ExitCode.ShouldBe(0);
    }

    public string FileOf(string name) => Path.Combine(Folder, name);

    public string TextOf(string name) => File.ReadAllText(FileOf(name)).Trim();

    public Dictionary<string, string> All()
        => Directory.GetFiles(Folder).ToDictionary(file => Path.GetFileName(file), File.ReadAllText);

    public void Dispose() => _folder.Dispose();
}
