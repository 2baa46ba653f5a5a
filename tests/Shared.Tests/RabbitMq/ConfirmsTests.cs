using Gateway.Shared.RabbitMq;
using RabbitMQ.Client;

namespace Gateway.Shared.Tests.RabbitMq;

public sealed class ConfirmsTests
{
    [Fact]
    public async Task Group_is_complete_when_each_message_is_settled()
    {
        var confirms = Of("a", "b", "c");

        await confirms.Settle(2, multiple: false, null);
        await confirms.Settle(1, multiple: false, "nack");
        confirms.AllSettled.IsCompleted.ShouldBeFalse();
        await confirms.Settle(3, multiple: false, null);

        confirms.AllSettled.IsCompletedSuccessfully.ShouldBeTrue();
        confirms.Faults.ShouldBe(["nack", null, null]);
    }

    [Fact]
    public async Task One_confirm_may_settle_all_messages_up_to_a_number()
    {
        var confirms = Of("a", "b", "c");

        await confirms.Settle(2, multiple: true, null);
        confirms.AllSettled.IsCompleted.ShouldBeFalse();
        await confirms.Settle(3, multiple: true, "nack");

        confirms.Faults.ShouldBe([null, null, "nack"]);
    }

    [Fact]
    [Trait("Defect", "R8")]
    public async Task Returned_message_stays_returned_after_its_confirm()
    {
        var confirms = Of("a", "b", "a");

        await confirms.Return("a"u8, "NO_ROUTE");
        await confirms.Settle(3, multiple: true, null);

        confirms.Faults.ShouldBe(["NO_ROUTE", null, "NO_ROUTE"]);
    }

    [Fact]
    public async Task Closed_channel_keeps_earlier_confirms()
    {
        var confirms = Of("a", "b");

        await confirms.Settle(1, multiple: false, null);
        await confirms.Fail("gone");
        await confirms.Settle(2, multiple: false, null);

        confirms.Faults.ShouldBe([null, "gone"]);
    }

    [Fact]
    public async Task Next_group_continues_the_numbers_and_ignores_other_confirms()
    {
        var second = Of("a", "b").Next([]).Next(Messages("c"));

        await second.Settle(2, multiple: true, "nack");
        await second.Settle(4, multiple: true, "nack");
        second.AllSettled.IsCompleted.ShouldBeFalse();
        await second.Settle(3, multiple: false, null);

        second.Faults.ShouldBe([null]);
    }

    private static Confirms Of(params string[] bodies) => Confirms.None.Next(Messages(bodies));

    private static RabbitMqMessage[] Messages(params string[] bodies)
        => [.. bodies.Select(
            body => new RabbitMqMessage("", "", new BasicProperties(), System.Text.Encoding.UTF8.GetBytes(body)))];
}
