using Gateway.Shared.Sqlite;
using Microsoft.Data.Sqlite;

namespace Gateway.Shared.Tests.Sqlite;

public sealed class SqliteSessionTests : IDisposable
{
    private const string Values =
        "CREATE TABLE valuesOfAll (id INTEGER PRIMARY KEY, text TEXT, number INTEGER, bytes BLOB) STRICT;";
    private const string Insert = "INSERT INTO valuesOfAll (text, number, bytes) VALUES (@text, @number, @bytes)";

    private readonly DatabaseFolder _folder = new();
    private readonly SqliteDatabase _database;

    public SqliteSessionTests() => _database = _folder.Open(Values);

    public static TheoryData<string?, long?, byte[]?> Rows => new()
    {
        { null, null, null }, { "", 0, [] }, { "Grüße, \U0001F69A", long.MinValue, [0, 255] },
        { new string('ß', 5_000), long.MaxValue, new byte[5_000] },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Values_are_read_as_they_were_written(string? text, long? number, byte[]? bytes)
    {
        // The second run of a statement, with the values of the first one bound.
        await _database.WriteAsync(write => write.Execute(Insert, ("@text", "x"), ("@number", 7), ("@bytes", new byte[] { 7 })));
        await _database.WriteAsync(write => write.Execute(Insert, ("@text", text), ("@number", number), ("@bytes", bytes)));

        var row = (await _database.ReadAsync(
            read => read.Query(
                "SELECT text, number, bytes FROM valuesOfAll WHERE id = 2",
                row => (row.TextOrNull("text"), row.NumberOrNull("number"), row.BytesOrNull("bytes"))),
            CancellationToken.None)).Single();

        row.Item1.ShouldBe(text);
        row.Item2.ShouldBe(number);
        row.Item3.ShouldBe(bytes);
    }

    [Fact]
    public async Task Missing_value_is_an_error_where_one_is_required()
    {
        await _database.WriteAsync(write => write.Execute(Insert, ("@text", null), ("@number", null), ("@bytes", null)));
        Func<SqliteRow, object>[] required = [row => row.Text("text"), row => row.Number("number"), row => row.Bytes("bytes")];

        foreach (var read in required)
        {
            await Should.ThrowAsync<InvalidOperationException>(_database.ReadAsync(
                session => session.Query("SELECT text, number, bytes FROM valuesOfAll", read), CancellationToken.None));
        }
    }

    [Fact]
    public async Task Statement_works_again_after_an_error()
    {
        const string Add = "INSERT INTO valuesOfAll (id) VALUES (@id)";
        await _database.WriteAsync(write => write.Execute(Add, ("@id", 1)));

        var fault = await Should.ThrowAsync<SqliteException>(_database.WriteAsync(write => write.Execute(Add, ("@id", 1))));

        fault.SqliteErrorCode.ShouldBe(19);
        fault.Message.ShouldContain("valuesOfAll.id");
        (await _database.WriteAsync(write => write.Execute(Add, ("@id", 2)))).ShouldBe(1);
    }

    [Fact]
    public async Task Number_of_changed_rows_is_that_of_the_statement()
    {
        for (var i = 0; i < 3; i++)
            await _database.WriteAsync(write => write.Execute(Insert, ("@text", "x"), ("@number", i), ("@bytes", null)));

        (await _database.WriteAsync(write => write.Execute(
            "UPDATE valuesOfAll SET text = 'y' WHERE number >= @from", ("@from", 1)))).ShouldBe(2);
        (await _database.WriteAsync(write => write.Execute(
            "UPDATE valuesOfAll SET text = 'y' WHERE number >= @from", ("@from", 9)))).ShouldBe(0);
    }

    [Fact]
    public async Task Parameters_are_complete_and_of_a_type_that_SQLite_has()
    {
        await Should.ThrowAsync<ArgumentException>(_database.WriteAsync(write => write.Execute(Insert, ("@text", "x"))));
        await Should.ThrowAsync<ArgumentException>(_database.WriteAsync(write => write.Execute(
            Insert, ("@text", Guid.Empty), ("@number", 1), ("@bytes", null))));

        // A caller may have more than the text uses.
        (await _database.WriteAsync(write => write.Execute(
            "UPDATE valuesOfAll SET text = @text", ("@none", 1), ("@text", "z")))).ShouldBe(0);
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }
}
