using Gateway.Shared.Errors;
using Gateway.Shared.Sqlite;
using Microsoft.Data.Sqlite;

namespace Gateway.Shared.Tests.Sqlite;

/// <summary>What happens to the files of an open database, from outside.</summary>
public sealed class SqliteFileCheckTests : IDisposable
{
    private const string WayOut = "stop the gateway, restore a backup or run .recover";

    private readonly DatabaseFolder _folder = new();

    private string LogPath => _folder.FilePath + "-wal";

    public static TheoryData<string> Losses { get; } =
        ["removed", "moved", "replaced", "folder moved", "cut", "overwritten", "log removed", "log cut"];

    [Theory]
    [MemberData(nameof(Losses))]
    public async Task Commit_into_files_that_the_next_start_does_not_find_fails_and_names_the_way_out(string loss)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the name of an open file is known on Linux alone");
        using var database = _folder.Open();
        await database.AddAsync(1);

        Lose(loss);

        (await Should.ThrowAsync<BackendUnavailableException>(database.AddAsync(2))).Message.ShouldContain(WayOut);
        await Should.ThrowAsync<BackendUnavailableException>(database.AddAsync(3));
        await Should.ThrowAsync<BackendUnavailableException>(database.IdsAsync());
    }

    [Fact]
    public async Task Truncated_log_and_checkpoints_are_no_loss()
    {
        using var database = _folder.Open();
        await database.AddAsync(1);

        await database.TruncateLogAsync();
        new FileInfo(LogPath).Length.ShouldBe(0);
        await database.WriteAsync(session => session.Execute("DELETE FROM events WHERE id = 7"));
        await database.WriteAsync(session => session.Query("PRAGMA wal_autocheckpoint = 1", _ => true).Count);
        await database.AddAsync(2);

        (await database.IdsAsync()).ShouldBe([1L, 2L]);
    }

    [Fact]
    public async Task Log_that_an_erasure_empties_during_the_check_is_no_loss()
    {
        _folder.Open().Dispose();
        using var owned = new SqliteOwnership(_folder.FilePath);
        using var check = new SqliteFileCheck(owned);
        using var log = new FileStream(LogPath, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var checking = Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++) check.Verify();
        });

        while (!checking.IsCompleted)
        {
            RandomAccess.Write(log.SafeFileHandle, [0x37, 0x7f, 0x06, 0x82], fileOffset: 0);
            log.SetLength(0);
        }

        await Should.NotThrowAsync(checking);
    }

    [Fact]
    public async Task Database_that_an_operator_has_made_smaller_with_vacuum_is_no_loss()
    {
        using var database = _folder.Open();
        await database.WriteAsync(session => Enumerable.Range(1, 10_000).Sum(id => Added(session, id)));
        await database.TruncateLogAsync();
        await database.WriteAsync(session => session.Execute("DELETE FROM events WHERE id > 1"));
        var before = new FileInfo(_folder.FilePath).Length;

        using (var operating = new SqliteConnection($"Data Source={_folder.FilePath};Pooling=False"))
        {
            operating.Open();
            using var command = operating.CreateCommand();
            command.CommandText = "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)";
            command.ExecuteNonQuery();
        }

        new FileInfo(_folder.FilePath).Length.ShouldBeLessThan(before);
        await database.AddAsync(2);
        Shell.Run("truncate", "-s", "4096", _folder.FilePath);
        (await Should.ThrowAsync<BackendUnavailableException>(database.AddAsync(3))).Message.ShouldContain("was cut");
    }

    [Fact]
    public async Task Read_of_a_damaged_page_ends_the_use_of_the_file()
    {
        using (var filling = _folder.Open())
            await filling.WriteAsync(session => Enumerable.Range(1, 10_000).Sum(id => Added(session, id)));
        using var database = _folder.Open();
        await database.AddAsync(10_001);
        Shell.Run("dd", "if=/dev/zero", $"of={_folder.FilePath}", "bs=4096", "seek=1", "count=20", "conv=notrunc");

        await Should.ThrowAsync<BackendUnavailableException>(database.IdsAsync());

        (await Should.ThrowAsync<BackendUnavailableException>(database.AddAsync(10_002))).Message.ShouldContain(WayOut);
    }

    [Fact]
    public void Log_without_its_database_stops_the_start()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.FilePath)!);
        File.WriteAllBytes(LogPath, [0x37, 0x7f, 0x06, 0x82]);

        Should.Throw<StartupException>(() => _folder.Open()).Message.ShouldContain("is missing, but its write-ahead log");
        File.Exists(_folder.FilePath).ShouldBeFalse();
        File.Create(_folder.FilePath).Dispose();
        Should.Throw<StartupException>(() => _folder.Open()).Message.ShouldContain("is empty, but its write-ahead log");

        File.Delete(LogPath);
        Should.NotThrow(() => _folder.Open().Dispose());
    }

    [Fact]
    public void Damaged_database_stops_the_start_and_names_the_way_out()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.FilePath)!);
        File.WriteAllText(_folder.FilePath, new string('x', 5_000));

        Should.Throw<StartupException>(() => _folder.Open()).Message.ShouldContain(WayOut);
    }

    public void Dispose() => _folder.Dispose();

    private static int Added(SqliteSession session, int id)
    {
        session.Add(id);
        return 1;
    }

    private void Lose(string loss)
    {
        var (file, aside) = (_folder.FilePath, _folder.FilePath + ".aside");
        var folder = Path.GetDirectoryName(file)!;
        switch (loss)
        {
            case "removed": File.Delete(file); break;
            case "moved": File.Move(file, aside); break;
            case "folder moved": Directory.Move(folder, folder + "2"); break;
            case "log removed": File.Delete(LogPath); break;
            case "log cut": Shell.Run("truncate", "-s", "0", LogPath); break;
            case "cut": Shell.Run("truncate", "-s", "1000", file); break;
            case "overwritten": Shell.Run("dd", "if=/dev/zero", $"of={file}", "bs=512", "count=1", "conv=notrunc"); break;
            case "replaced":
                using (var other = new SqliteConnection($"Data Source={aside};Pooling=False"))
                {
                    other.Open();
                    using var command = other.CreateCommand();
                    command.CommandText = DatabaseFolder.Events;
                    command.ExecuteNonQuery();
                }

                File.Move(aside, file, overwrite: true);
                break;
            default: throw new ArgumentOutOfRangeException(nameof(loss));
        }
    }
}
