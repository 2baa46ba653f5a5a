using System.ComponentModel.DataAnnotations;
using Gateway.Shared.Mongo;
using MongoDB.Driver;

namespace Gateway.Shared.Tests.Mongo;

/// <summary>The connection string sets the address, not the durability.</summary>
public sealed class MongoAddressTests
{
    [Theory]
    [InlineData("mongodb://h/db")]
    [InlineData(
        "mongodb://h/db?w=1&readPreference=primaryPreferred&journal=false&retryWrites=false&maxPoolSize=20&minPoolSize=5")]
    [InlineData("mongodb://h/db?w=0&readConcernLevel=available&socketTimeoutMS=60000"
        + "&serverSelectionTimeoutMS=90000&wtimeoutMS=60000")]
    public void Connection_string_cannot_change_read_preference_and_write_concern(string uri)
    {
        var settings = MongoAddress.SettingsOf(uri);

        settings.ReadPreference.ShouldBe(ReadPreference.Primary);
        settings.ReadConcern.ShouldBe(ReadConcern.Local);
        settings.WriteConcern.W.ShouldBe(WriteConcern.WMajority.W);
        settings.WriteConcern.Journal.ShouldBe(true);
        settings.RetryWrites.ShouldBeTrue();
        settings.MaxConnectionPoolSize.ShouldBeGreaterThanOrEqualTo(100);
        TimeSpan?[] waits =
        [
            settings.ServerSelectionTimeout + TimeSpan.FromSeconds(
                1), settings.ConnectTimeout, settings.SocketTimeout, settings.WaitQueueTimeout, settings.WriteConcern.WTimeout,
        ];
        waits.ShouldAllBe(wait => wait == TimeSpan.FromSeconds(5));
        using var client = new MongoClient(settings);
        client.GetDatabase("db").GetCollection<object>("events").Settings.WriteConcern.W.ShouldBe(WriteConcern.WMajority.W);
    }

    [Fact]
    public void Other_options_of_the_connection_string_apply()
    {
        var settings = MongoAddress.SettingsOf(
            "mongodb://me:secret@a:1,b:2/db?replicaSet=rs0&authSource=admin&tls=true&maxPoolSize=300");

        settings.Servers.Select(server => server.ToString()).ShouldBe(["a:1", "b:2"]);
        settings.ReplicaSetName.ShouldBe("rs0");
        settings.Credential.Source.ShouldBe("admin");
        settings.UseTls.ShouldBeTrue();
        settings.MaxConnectionPoolSize.ShouldBe(300);
    }

    [Theory]
    [InlineData("mongodb://h/shop", "shop")]
    [InlineData("mongodb://h", "fincart_events")]
    [InlineData("mongodb://h/?w=1", "fincart_events")]
    public void Database_comes_from_the_connection_string_or_is_the_originals(string uri, string database)
        => MongoAddress.DatabaseOf(uri).ShouldBe(database);

    [Theory]
    [InlineData("http://me:secret@h/db")]
    [InlineData("localhost:27017")]
    [InlineData("mongodb://me:secret@h:port/db")]
    [InlineData("mongodb://me:secret@h/db?w=1&tls=perhaps")]
    [InlineData("mongodb://me:secret@h/a.b")]
    public void Invalid_uri_is_one_error_without_the_password(string uri)
    {
        var error = Errors(uri).ShouldHaveSingleItem();

        error.MemberNames.ShouldBe(["Uri"]);
        error.ErrorMessage.ShouldBe("must be a mongodb:// connection string");
    }

    [Theory]
    [InlineData("mongodb://nowhere.invalid:1/db")]
    [InlineData("mongodb+srv://nowhere.invalid/db")]
    public void Unreachable_server_is_not_a_startup_error(string uri) => Errors(uri).ShouldBeEmpty();

    private static List<ValidationResult> Errors(string uri)
    {
        var errors = new List<ValidationResult>();
        var options = new MongoOptions { Uri = uri };
        Validator.TryValidateObject(options, new ValidationContext(options), errors, validateAllProperties: true);
        return errors;
    }
}
