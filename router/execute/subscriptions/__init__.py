"""Subscriptions: one long conversation with a subgraph, a whole response for each of its events.

source      source.py           what is asked, and how a conversation fails
over HTTP   over_http.py        multipart.py and server_sent_events.py read its parts
WebSocket   over_websocket.py   graphql-transport-ws
queue       inbox.py            events that wait for a slow client, a bounded number
run         run.py              event -> the rest of the plan -> response
"""
