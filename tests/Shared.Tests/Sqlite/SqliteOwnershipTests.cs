using System.Runtime.Versioning;
using Gateway.Shared.Errors;

namespace Gateway.Shared.Tests.Sqlite;

[UnsupportedOSPlatform("windows")]
public sealed class SqliteOwnershipTests : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly DatabaseFolder _folder = new();

    private string Folder => Path.GetDirectoryName(_folder.FilePath)!;

    [Fact]
    public void Removed_lock_file_lets_no_second_process_in()
    {
        using var owner = _folder.Open();

        File.Delete(_folder.FilePath + ".lock");

        Should.Throw<StartupException>(() => _folder.Open()).Message.ShouldContain("another process already uses");
    }

    [Fact]
    public void Second_name_of_the_file_lets_no_second_process_in()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "ln");
        using var owner = _folder.Open();
        var link = Path.Combine(Folder, "link.db");
        Shell.Run("ln", _folder.FilePath, link);

        Should.Throw<StartupException>(() => _folder.OpenAt(link)).Message.ShouldContain("another process already uses");
    }

    [Fact]
    public async Task New_files_belong_to_their_owner_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix modes");
        using var database = _folder.Open();
        await database.AddAsync(1);

        File.GetUnixFileMode(Folder).ShouldBe(Owner | UnixFileMode.UserExecute);
        Directory.GetFiles(Folder).Select(Path.GetFileName)
            .ShouldBe(["gateway.db", "gateway.db.lock", "gateway.db-shm", "gateway.db-wal"], ignoreOrder: true);
        Directory.GetFiles(Folder).ShouldAllBe(file => File.GetUnixFileMode(file) == Owner);
    }

    [Fact]
    public async Task File_that_others_may_read_is_closed_to_them_and_one_of_a_group_is_left()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix modes");
        _folder.Open().Dispose();
        File.SetUnixFileMode(_folder.FilePath, Owner | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        using (var database = _folder.Open()) await database.AddAsync(1);
        File.GetUnixFileMode(_folder.FilePath).ShouldBe(Owner);

        File.SetUnixFileMode(_folder.FilePath, Owner | UnixFileMode.GroupRead);
        _folder.Open().Dispose();
        File.GetUnixFileMode(_folder.FilePath).ShouldBe(Owner | UnixFileMode.GroupRead);
    }

    [Fact]
    public void Read_only_file_system_is_named_and_not_called_another_process()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "mount needs root on Linux");
        _folder.Open().Dispose();
        Assert.SkipUnless(Shell.Run("mount", "--bind", Folder, Folder), "no permission to mount");
        try
        {
            Assert.SkipUnless(Shell.Run("mount", "-o", "remount,bind,ro", Folder), "no permission to mount");

            Should.Throw<StartupException>(() => _folder.Open()).Message
                .ShouldBe($"Gateway:Sqlite:Path: {_folder.FilePath} cannot be opened for writing "
                    + $"(Read-only file system : '{_folder.FilePath}.lock')");
        }
        finally
        {
            Shell.Run("umount", Folder);
        }
    }

    public void Dispose() => _folder.Dispose();
}
