package api

import "testing"

func TestRuns_WhatAClientSends_IsListedAndRead(t *testing.T) {
	t.Parallel()
	c := startDescribed(t)
	team := c.workspaceOf("team", "T")
	c.pets(team)
	body := object{"collectionRun": object{
		"id": "5daabc50-8451-43f6-922d-96b403b4f28e", "collection": "1-" + petsID, "name": "Pets", "status": "finished",
		"failedTestCount": 1, "passedTestCount": 2, "totalTestCount": 3, "iterations": []any{},
	}, "runOverview": object{"collectionName": "Pets"}}
	made := c.do("POST", "/collectionruns", body).want(201)
	id := made.text("collectionRun", "id")
	if id != "5daabc50-8451-43f6-922d-96b403b4f28e" || made.text("collectionRun", "workspace") != team {
		t.Errorf("the run is %s", made.body)
	}
	c.do("POST", "/collectionruns", body).want(201) // again: another run
	list := c.do("GET", "/collectionruns?collection="+petsID+"&limit=1", nil).want(200)
	if list.text("collectionRuns", 0, "id") == "" || list.at("collectionRuns", 0, "failedTestCount") != 1.0 {
		t.Errorf("the list is %s", list.body)
	}
	rest := c.do("GET", "/collectionruns?limit=1&cursor="+list.text("meta", "nextCursor"), nil).want(200)
	if rest.text("collectionRuns", 0, "id") == list.text("collectionRuns", 0, "id") || rest.at("meta", "nextCursor") != nil {
		t.Errorf("the second page is %s", rest.body)
	}
	if name := c.do("GET", "/collectionruns/"+id, nil).want(200).text("collectionRun", "result", "runOverview", "collectionName"); name != "Pets" {
		t.Errorf("the run's result names %s", name)
	}
	c.do("GET", "/collectionruns/none", nil).want(404)
	for _, wrong := range []string{"", "[]", "{}", `{"collectionRun":{}}`, `{"collectionRun":{"collection":1}}`} {
		c.do("POST", "/collectionruns", wrong).want(400)
	}
}
