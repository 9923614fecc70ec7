"""What programs and agents call, on a running server: gradio_client, curl's way, and MCP."""

import asyncio
import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from browsing import served

from qa import Answerer

pytestmark = pytest.mark.slow
GOOD = "Who cut the ribbon at the harbour of Vell?"
OPERA = "Which opera did Xanthippe compose?"


@pytest.fixture(scope="module")
def address(made):
    with served(made, "--mcp") as url:
        yield url


@pytest.fixture(scope="module")
def client(address):
    from gradio_client import Client

    return Client(address, verbose=False)


def test_three_endpoints_and_no_other_are_offered(client):
    told = client.view_api(return_format="dict")
    assert sorted(told["named_endpoints"]) == ["/article", "/ask", "/search"]
    assert told["unnamed_endpoints"] == {}
    names = [each["parameter_name"] for each in told["named_endpoints"]["/ask"]["parameters"]]
    assert names == [
        *("question", "sources", "since", "until", "max_quotes", "by", "said_by", "after", "drop"),
        *("without", "off", "today"),
    ]
    names = [each["parameter_name"] for each in told["named_endpoints"]["/search"]["parameters"]]
    assert names == [
        *("question", "k", "sources", "since", "until", "mode", "by", "without", "off", "today"),
    ]


def test_ask_is_what_the_command_line_prints(client, made):
    with Answerer.open(made) as answerer:
        for question in (GOOD, OPERA):
            expected = json.loads(answerer.ask(question).to_json())
            assert client.predict(question=question, api_name="/ask") == expected
        found = client.predict(question=GOOD, k=3, mode="bm25", api_name="/search")
        hits = answerer.retriever.search(GOOD, 3, mode="bm25")
    assert [(each["article_id"], each["start"], each["end"], each["score"]) for each in found] == [
        (hit.article_id, hit.start, hit.end, hit.score) for hit in hits
    ]


def test_what_the_command_line_can_set_can_be_set(client, made):
    with Answerer.open(made) as answerer:

        def said(question, **how):
            return json.loads(answerer.ask(question, **how).to_json())

        def asked(question, **how):
            return client.predict(question=question, api_name="/ask", **how)

        lean = {"after": ["What was the ribbon cut for in 2031?"]}
        assert asked("And in Vell?", **lean) == said("And in Vell?", **lean)
        assert asked("And in Vell?", **lean, drop=["in 2031"]) == said(
            "And in Vell?", **lean, dropped=["in 2031"]
        )
        assert asked("And in Vell?", **lean, off=["follow_ups"])["searched"] == "And in Vell?"
        assert asked(GOOD, said_by="Ona Brisk") == said(GOOD, said_by="Ona Brisk")
        assert asked(GOOD, since="2031", by="event") == said(GOOD, since="2031", by="event")
        spelled = "What did Ona Brysk cut in May 2031?"
        assert asked(spelled)["variants"]["Brysk"] == ["Brysk", "Brisk", "Бриск"]
        assert asked(spelled, without=["Brisk"])["variants"]["Brysk"] == ["Brysk", "Бриск"]
        none = asked(spelled, off=["variants", "dates", "voices", "reprints", "differences"])
        assert (none["variants"], none["dates"], none["independent_sources"]) == ({}, [], None)
        assert asked("What happened last week?", today="2020-05-20")["dates"][0]["first"] == "2020-05-11"
        mentioned = client.predict(question=GOOD, since="2031", by="event", api_name="/search")
        assert [hit["article_id"] for hit in mentioned] == [
            hit.article_id for hit in answerer.retriever.search(GOOD, since="2031", by="event")
        ]


def test_an_article_is_shown_whole_and_its_quotes_are_slices_of_it(client):
    quote = client.predict(question=GOOD, api_name="/ask")["quotes"][0]
    article = client.predict(id=quote["article"]["id"], api_name="/article")
    assert article["text"][quote["start"] : quote["end"]] == quote["text"]
    assert article["sha256"] == quote["article"]["sha256"]


@pytest.mark.parametrize(
    ("endpoint", "call", "why"),
    [
        ("/ask", {"question": " "}, "empty"),
        ("/ask", {"question": GOOD, "sources": ["No such"]}, "No such"),
        ("/ask", {"question": GOOD, "since": "soon"}, "not a date"),
        ("/ask", {"question": GOOD, "max_quotes": 0}, "max_quotes"),
        ("/search", {"question": GOOD, "k": 10_000}, "from 1 to 100"),
        ("/ask", {"question": GOOD, "by": "moon"}, "published, event"),
        ("/ask", {"question": GOOD, "said_by": "..."}, "no letter or digit"),
        ("/ask", {"question": GOOD, "said_by": "Brisk", "off": ["voices"]}, "voices are left out"),
        ("/ask", {"question": GOOD, "after": [" "]}, "empty"),
        ("/ask", {"question": GOOD, "after": "Who?"}, "list of texts"),
        ("/ask", {"question": GOOD, "after": ["Who?"] * 21}, "at most 20"),
        ("/ask", {"question": GOOD, "off": ["quotes"]}, "can't be left out"),
        ("/ask", {"question": GOOD, "today": "soon"}, "not a date"),
        ("/search", {"question": GOOD, "off": ["voices"]}, "can't be left out"),
        ("/search", {"question": GOOD, "mode": "sparse"}, "hybrid, dense, bm25"),
        ("/article", {"id": "../../etc/passwd"}, "no article"),
    ],
)
def test_a_call_that_is_wrong_is_told_why(client, endpoint, call, why):
    with pytest.raises(Exception, match=why):  # gradio_client raises its own AppError
        client.predict(**call, api_name=endpoint)


def test_it_can_be_called_without_a_library(address):
    def sent(path, data=None):
        request = Request(f"{address}gradio_api/call/v2/{path}", data and json.dumps(data).encode())
        request.add_header("Content-Type", "application/json")
        with urlopen(request, timeout=60) as response:
            return response.read().decode()

    number = json.loads(sent("ask", {"question": GOOD, "max_quotes": 1}))["event_id"]
    said = sent(f"ask/{number}")
    assert said.startswith("event: complete")
    (answer,) = json.loads(said.split("data: ", 1)[1])
    assert answer["question"] == GOOD


def test_another_sites_script_can_not_call_it(address):
    request = Request(f"{address}gradio_api/call/ask", b'{"data": ["x"]}')
    request.add_header("Origin", "https://elsewhere.example")
    with pytest.raises(HTTPError) as refused:
        urlopen(request, timeout=60)
    assert refused.value.code == 403
    refused.value.close()


def test_an_agent_finds_three_tools_with_their_parameters_and_asks(address, made):
    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def session():
        async with (
            streamable_http_client(f"{address}gradio_api/mcp/") as (read, write, _),
            ClientSession(read, write) as agent,
        ):
            await agent.initialize()
            tools = (await agent.list_tools()).tools
            answer = await agent.call_tool("ask", {"question": GOOD})
            leaning = {"question": "And in Vell?", "after": ["Who was in Sorn?"], "off": ["dates"]}
            followed = await agent.call_tool("ask", leaning)
            found = await agent.call_tool("search", {"question": GOOD, "k": 2})
            wrong = await agent.call_tool("show", {"id": "none"})
            return tools, answer, followed, found, wrong

    tools, answer, followed, found, wrong = asyncio.run(session())
    assert sorted(tool.name for tool in tools) == ["ask", "search", "show"]
    for tool in tools:
        assert all(each.get("description") for each in tool.inputSchema["properties"].values())
        assert tool.description
    with Answerer.open(made) as answerer:
        assert json.loads(answer.content[0].text) == json.loads(answerer.ask(GOOD).to_json())
    assert json.loads(followed.content[0].text)["searched"] == "Who was in Vell?"
    assert len(json.loads(found.content[0].text)) == 2
    assert wrong.isError
    assert "no article" in wrong.content[0].text
