using Gateway.Shared.Errors;

namespace Gateway.Shared.Tests.Sqlite;

public sealed class SqliteFileTests : IDisposable
{
    private const string MoreColumns = "ALTER TABLE events ADD COLUMN city TEXT;";

    private readonly DatabaseFolder _folder = new();

    [Fact]
    public void Second_owner_is_rejected_until_the_first_has_closed()
    {
        var owner = _folder.Open();

        Should.Throw<StartupException>(() => _folder.Open()).Message.ShouldContain("another process already uses");
        owner.Dispose();

        Should.NotThrow(() => _folder.Open().Dispose());
    }

    [Fact]
    public async Task Each_script_is_applied_once()
    {
        const string insert = "INSERT INTO events VALUES (1, 'once');";
        using (var database = _folder.Open(DatabaseFolder.Events, insert)) await database.AddAsync(2);
        using (_folder.Open(DatabaseFolder.Events, insert)) { }

        using var newer = _folder.Open(DatabaseFolder.Events, insert, MoreColumns);
        await newer.WriteAsync(session => session.Execute("UPDATE events SET city = 'Cairo'"));
        (await newer.IdsAsync()).ShouldBe([1L, 2L]);
    }

    [Fact]
    public void File_of_a_newer_version_is_rejected_and_unchanged()
    {
        _folder.Open(DatabaseFolder.Events, MoreColumns).Dispose();

        Should.Throw<StartupException>(() => _folder.Open(DatabaseFolder.Events)).Message.ShouldContain("newer version");

        Should.NotThrow(() => _folder.Open(DatabaseFolder.Events, MoreColumns).Dispose());
    }

    [Fact]
    public async Task Failing_script_stops_the_start_and_changes_nothing()
    {
        using (var database = _folder.Open()) await database.AddAsync(1);

        Should.Throw<StartupException>(
            () => _folder.Open(DatabaseFolder.Events, "DELETE FROM events; INSERT INTO nowhere VALUES (1);"))
            .Message.ShouldContain("nowhere");

        using var again = _folder.Open();
        await again.AddAsync(2);
        (await again.IdsAsync()).ShouldBe([1L, 2L]);
    }

    [Fact]
    public void File_that_is_not_a_database_stops_the_start_and_names_the_setting()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.FilePath)!);
        File.WriteAllText(_folder.FilePath, new string('x', 5_000));

        Should.Throw<StartupException>(() => _folder.Open()).Message.ShouldStartWith("Gateway:Sqlite:Path: data/gateway.db");
    }

    [Fact]
    public void Path_through_a_file_stops_the_start()
    {
        File.WriteAllText(Path.GetDirectoryName(_folder.FilePath)!, "in the way");

        Should.Throw<StartupException>(() => _folder.Open()).Message.ShouldContain("cannot be opened");
    }

    public void Dispose() => _folder.Dispose();
}
