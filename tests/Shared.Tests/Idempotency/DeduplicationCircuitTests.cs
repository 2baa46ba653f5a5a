using Gateway.Shared.Idempotency;
using Gateway.TestSupport;

namespace Gateway.Shared.Tests.Idempotency;

public sealed class DeduplicationCircuitTests
{
    private const int Away = 110;
    private const int Back = 111;

    private readonly SteppedTime _time = new();
    private readonly LogLines<DeduplicationCircuitTests> _log = new();
    private readonly DeduplicationCircuit _outage;

    public DeduplicationCircuitTests() => _outage = new DeduplicationCircuit(_time, _log);

    [Fact]
    public void It_pauses_for_a_second_after_each_failure_and_says_so_once()
    {
        _outage.IsPausing.ShouldBeFalse();
        for (var i = 0; i < 3; i++)
        {
            Fail(DeduplicationWork.LookUp);
            _outage.IsPausing.ShouldBeTrue();
            _time.Advance(DeduplicationCircuit.Pause);
            _outage.IsPausing.ShouldBeFalse();
        }

        _log.Ids.ShouldBe([Away]);
    }

    [Fact]
    public void It_is_over_when_all_that_failed_works_again()
    {
        Fail(DeduplicationWork.LookUp);
        Fail(DeduplicationWork.Mark);
        _time.Advance(DeduplicationCircuit.Pause);

        Work(DeduplicationWork.LookUp);
        _log.Ids.ShouldBe([Away]);
        Work(DeduplicationWork.Mark);
        Work(DeduplicationWork.Mark);

        _log.Ids.ShouldBe([Away, Back]);
    }

    [Fact]
    public void An_answer_that_was_on_its_way_when_another_failed_ends_nothing()
    {
        var begun = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Fail(DeduplicationWork.LookUp);

        _outage.Worked(DeduplicationWork.LookUp, begun);

        _outage.IsPausing.ShouldBeTrue();
        _log.Ids.ShouldBe([Away]);
    }

    [Fact]
    public void A_mark_of_the_last_outage_that_runs_out_late_begins_no_other()
    {
        var begun = _time.GetTimestamp();
        Fail(DeduplicationWork.LookUp);
        _time.Advance(DeduplicationCircuit.Pause);
        Work(DeduplicationWork.LookUp);

        _outage.Failed(DeduplicationWork.Mark, begun, new TimeoutException());

        _outage.IsPausing.ShouldBeFalse();
        _log.Ids.ShouldBe([Away, Back]);
    }

    private void Fail(DeduplicationWork work) => _outage.Failed(work, _time.GetTimestamp(), new TimeoutException());

    private void Work(DeduplicationWork work) => _outage.Worked(work, _time.GetTimestamp());
}
