// node-llama-cpp as a peer: LlamaChatSession with its defaults, one sequence, a context of 4,096 tokens.
// It keeps the state of one sequence; another chat, or an edited message, is a new session with its history.
// Usage: node node_llama_cpp.mjs FOLDER < plan; what it goes through is what chatting.py says.

import fs from "node:fs";
import path from "node:path";
import {pathToFileURL} from "node:url";

const plan = JSON.parse(fs.readFileSync(0, "utf8"));
const {work, texts} = plan;
const module = path.join(process.argv[2], "node_modules", "node-llama-cpp", "dist", "index.js");
const {getLlama, LlamaChatSession, LlamaLogLevel} = await import(pathToFileURL(module).href);

const seconds = () => performance.now() / 1000;

async function load() {
    const started = seconds();
    const llama = await getLlama({
        gpu: "auto", build: "never", skipDownload: true, logLevel: LlamaLogLevel.error,
        maxThreads: plan.threads
    });
    const model = await llama.loadModel({modelPath: plan.model});
    const context = await model.createContext({contextSize: texts.context_tokens, threads: plan.threads});
    return {llama, sequence: context.getSequence(), took: seconds() - started};
}

function begin(sequence, system, history) {
    const session = new LlamaChatSession({contextSequence: sequence, systemPrompt: system});
    if (history)
        session.setChatHistory(history);
    return session;
}

async function ask(session, question, limit, signal) {
    const started = seconds();
    let first = 0, pieces = 0;
    const answer = await session.prompt(question, {
        temperature: 0, maxTokens: limit, signal, stopOnAbortSignal: true,
        onToken: (tokens) => { first ||= seconds(); pieces += tokens.length; }
    });
    return {first: first - started, rest: seconds() - first, pieces, answer};
}

async function chats() {
    const {llama, sequence, took} = await load();
    const found = {load: took};
    let chat = begin(sequence, work.system);
    const first = await ask(chat, texts.first, texts.answer_tokens);
    Object.assign(found, {
        ttft_new_chat_cold: first.first, prefill: work.tokens.first / first.first,
        decode: (first.pieces - 1) / first.rest, rss_mb: process.memoryUsage().rss / 1e6
    });
    const before = chat.getChatHistory();
    found.ttft_turn2 = (await ask(chat, texts.second, texts.short_tokens)).first;
    await ask(chat, work.paste, texts.short_tokens);
    const kept = chat.getChatHistory();
    chat.dispose({disposeSequence: false});
    const other = begin(sequence, work.system);
    await ask(other, texts.other, texts.short_tokens);
    other.dispose({disposeSequence: false});
    chat = begin(sequence, work.system, kept);
    found.ttft_return = (await ask(chat, texts.back, texts.short_tokens)).first;
    chat.setChatHistory(before);
    found.ttft_edit = (await ask(chat, texts.edited, texts.short_tokens)).first;
    await llama.dispose();
    return found;
}

async function stop() {
    const {llama, sequence} = await load();
    const fresh = (question, limit, signal) => {
        const session = begin(sequence, work.system);
        return ask(session, question, limit, signal).finally(() => session.dispose({disposeSequence: false}));
    };
    await fresh(texts.other, 1);
    const whole = (await fresh(work.documents[0], 1)).first;
    const took = [];
    for (const [index, part] of plan.stop_at.entries()) {
        const controller = new AbortController();
        const answer = fresh(work.documents[1 + index], texts.answer_tokens, controller.signal).catch(() => undefined);
        const tooLate = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 1000 * whole * part))]);
        const started = seconds();
        controller.abort();
        await answer;
        if (tooLate === undefined)
            took.push(1000 * (seconds() - started));
    }
    await llama.dispose();
    return {stop_ms: took};
}

async function copy() {
    const {llama, sequence} = await load();
    const answer = await ask(begin(sequence), texts.copy, texts.copy_tokens);
    await llama.dispose();
    return {copy_drafting_off: (answer.pieces - 1) / answer.rest};
}

console.log(JSON.stringify(await {chats, stop, copy}[plan.task]()));
