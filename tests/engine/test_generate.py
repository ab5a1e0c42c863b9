"""What a request costs and what it brings, counted in tokens and decode calls."""

import asyncio

import pytest
from attrs import evolve

from codenook.models.engine import client
from codenook.models.engine.errors import PromptTooLong
from codenook.models.engine.messages import MAX_CANDIDATES, Finish, StopRule
from codenook.models.prompts.fim import Special

CURSOR = 1500

LOOP = "NAMES = (" + "'style', " * 40
"""What the bundled model goes on with for ever."""


async def test_candidates_differ_and_come_from_one_prefill(engine, request_at):
    generation = await engine.generate(request_at(CURSOR, n=3))

    assert len({candidate.text for candidate in generation.candidates}) == 3
    assert generation.counters.prompt_evaluated == generation.counters.prompt
    longest = max(candidate.n_tokens for candidate in generation.candidates)
    prefill_calls = -(-generation.counters.prompt // 256)
    assert generation.counters.decode_calls == prefill_calls + longest - 1
    assert generation.counters.generated == sum(c.n_tokens for c in generation.candidates)


async def test_those_that_part_begin_as_the_greedy_one_and_cost_what_they_add(engine, request_at):
    alone = await engine.generate(request_at(CURSOR, n=1))
    generation = await engine.generate(request_at(CURSOR, n=1, n_parting=3))
    greedy, *parted = generation.candidates
    assert greedy.text == alone.candidates[0].text
    assert len({candidate.text for candidate in generation.candidates}) == 4
    assert any(candidate.text[:1] == greedy.text[:1] for candidate in parted)
    prefill_calls = 1
    longest = max(candidate.n_tokens for candidate in generation.candidates)
    calls = generation.counters.decode_calls - prefill_calls
    assert longest - 1 <= calls < greedy.n_tokens + longest
    again = await engine.generate(request_at(CURSOR, n=1))
    assert again.candidates[0].mean_logprob == pytest.approx(greedy.mean_logprob, abs=1e-3)


@pytest.mark.parametrize("n", [1, 8])
async def test_there_are_no_more_than_one_request_may_have(engine, request_at, n):
    generation = await engine.generate(request_at(CURSOR, n=n, n_parting=20))
    assert len(generation.candidates) == MAX_CANDIDATES


@pytest.mark.parametrize("without", [{"greedy_first": False}, {"grammar": 'root ::= "a" | "b" | "c"'}])
async def test_none_part_without_a_greedy_one_or_beside_a_grammar(engine, request_at, without):
    generation = await engine.generate(request_at(CURSOR, n=2, n_parting=2, **without))
    assert len(generation.candidates) == 2


async def test_a_candidate_that_repeats_itself_is_ended(engine, request_at):
    request = evolve(request_at(CURSOR, n=1, stop=StopRule(max_lines=9)), prompt=(LOOP,), max_tokens=200)
    (candidate,) = (await engine.generate(request)).candidates
    assert candidate.finish is Finish.STOP_RULE
    assert candidate.n_tokens < 100
    (endless,) = (await engine.generate(evolve(request, stop=None))).candidates
    assert endless.text.startswith(candidate.text)
    assert endless.n_tokens == 200


@pytest.mark.parametrize(("n", "n_parting"), [(4, 0), (2, 2)])
@pytest.mark.parametrize("max_tokens", [1, 4, 64])
async def test_each_candidate_is_told_once_it_is_finished(engine, request_at, max_tokens, n, n_parting):
    told = []
    request = request_at(CURSOR, n=n, n_parting=n_parting, max_tokens=max_tokens)
    generation = await engine.generate(request, told.append)
    assert sorted(told, key=repr) == sorted(generation.candidates, key=repr)
    if not n_parting:
        assert [candidate.n_tokens for candidate in told] == sorted(c.n_tokens for c in generation.candidates)


async def test_a_keystroke_costs_a_token_or_two(engine, request_at):
    first = request_at(CURSOR)
    await engine.generate(first)
    evaluated = []
    for typed in range(1, 13):
        *head, prefix, middle = first.prompt
        typing = evolve(first, prompt=(*head, prefix + "return value"[:typed], middle))
        evaluated.append((await engine.generate(typing)).counters.prompt_evaluated)
    assert max(evaluated) <= 4
    assert sorted(evaluated)[len(evaluated) // 2] <= 2


async def test_the_same_prompt_again_evaluates_its_last_token_only(engine, request_at):
    await engine.generate(request_at(CURSOR))
    again = await engine.generate(request_at(CURSOR))
    assert again.counters.prompt_evaluated == 1


async def test_candidates_leave_no_trace_in_the_slot(engine, request_at):
    async def next_token():
        generation = await engine.generate(request_at(CURSOR, n=1, max_tokens=1))
        return generation.candidates[0]

    await next_token()
    before = await next_token()
    await engine.generate(request_at(CURSOR, n=4, seed=3))
    after = await next_token()
    assert after.text == before.text
    assert after.mean_logprob == pytest.approx(before.mean_logprob, abs=1e-3)


async def test_the_first_candidate_is_greedy_whatever_the_seed(engine, request_at):
    first_tokens = set()
    for seed in range(4):
        generation = await engine.generate(request_at(CURSOR, seed=seed, max_tokens=1))
        first_tokens.add(generation.candidates[0].text)
    assert len(first_tokens) == 1


async def test_a_stop_rule_ends_candidates_at_the_line(engine, request_at):
    generation = await engine.generate(request_at(CURSOR, n=4, stop=StopRule(max_lines=1)))
    for candidate in generation.candidates:
        assert len([line for line in candidate.text.split("\n") if line.strip()]) <= 1
        assert candidate.finish in Finish
        assert candidate.mean_logprob <= 0


async def test_max_tokens_is_a_limit(engine, request_at):
    generation = await engine.generate(request_at(CURSOR, max_tokens=3, stop=StopRule(max_lines=50)))
    assert max(candidate.n_tokens for candidate in generation.candidates) <= 3


async def test_a_prompt_that_does_not_fit_is_refused_with_its_size(engine, request_at):
    with pytest.raises(PromptTooLong, match=r"\d+ tokens"):
        await engine.generate(request_at(9000))
    assert (await engine.generate(request_at(CURSOR))).candidates


async def test_control_tokens_in_source_stay_text(engine, request_at):
    assert (await engine.count_tokens(["<|fim_middle|>"]))[0] > 1
    info = await engine.ready()
    assert Special.FIM_MIDDLE in info.special


async def test_counts_are_asked_once_for_each_text(engine):
    texts = ["def f():\n", "    return 1\n", "def f():\n"]
    first = await engine.count_tokens(texts)
    assert first[0] == first[2]
    assert await engine.count_tokens(texts) == first


async def test_counts_that_another_question_drops_meanwhile_are_not_lost(engine, monkeypatch):
    monkeypatch.setattr(client, "N_CACHED_COUNTS", 2)
    (known,) = await engine.count_tokens(["def area("])
    others, mixed = await asyncio.gather(
        engine.count_tokens(["a", "b", "c"]), engine.count_tokens(["def area(", "d"])
    )
    assert mixed[0] == known
    assert len(others) == 3


async def test_requests_of_several_windows_are_all_answered(engine, request_at):
    requests = [request_at(600 + 50 * i, slot=f"window {i}") for i in range(6)]
    generations = await asyncio.gather(*(engine.generate(request) for request in requests))
    assert all(generation.candidates for generation in generations)


async def test_a_full_cache_gives_up_the_oldest_slot(start_engine, request_at):
    small = start_engine(n_kv_cells=1024, n_slots=6, apart_bytes=0)
    for window in range(6):
        generation = await small.generate(request_at(1400, slot=f"window {window}", n=2))
        assert generation.candidates
    status = await small.status()
    assert status.evicted_slots > 0
    assert status.slots[-1].name == "window 5"


async def test_cells_of_ones_own_and_shared_ones_give_the_same_answer(start_engine, request_at):
    shared, apart = start_engine(n_slots=9, apart_bytes=0), start_engine(n_slots=9)
    texts = []
    for window in range(8):
        request = request_at(900 + 100 * window, slot=f"window {window}", n=3, greedy_first=True)
        one, other = await asyncio.gather(shared.generate(request), apart.generate(request))
        assert one.counters.prompt_evaluated == other.counters.prompt_evaluated
        texts.append((one.candidates[0].text, other.candidates[0].text))
    same = [one == other for one, other in texts]
    assert sum(same) >= 6, "sums in another order may turn a tie, no more"


async def test_what_else_is_cached_changes_nothing(start_engine, request_at):
    engine = start_engine(n_slots=10)
    request = request_at(900, n=8, greedy_first=True)
    alone = await engine.generate(request)
    for window in range(10):
        await engine.generate(request_at(1000 + 50 * window, slot=f"window {window}", n=3))
    again = await engine.generate(request)
    assert again.counters.prompt_evaluated == alone.counters.prompt_evaluated, "its slot was given up"
    assert again.candidates == alone.candidates


async def test_more_documents_than_slots(start_engine, request_at):
    few = start_engine(n_slots=2)
    for document in ("a", "b", "c", "a"):
        await few.generate(request_at(700, slot=document))
    status = await few.status()
    assert [slot.name for slot in status.slots] == ["c", "a"]
    assert status.evicted_slots == 2
